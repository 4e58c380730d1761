/** Small sets in the published layouts, for tests of formats, import, cache and download. */
import { createHash } from "node:crypto";
import { KNOWN_DATASETS, type KnownDataset, type PublishedFile } from "../../datasets/mod.ts";
import { writeCifarRecords } from "../../datasets/formats/cifar.ts";
import { writeIdxHead } from "../../datasets/formats/idx.ts";
import { Random } from "../../random.ts";

export type Bytes = Uint8Array<ArrayBuffer>;

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function concat(...pieces: readonly (Uint8Array | readonly number[] | string)[]): Bytes {
  return new Uint8Array(
    pieces.flatMap((piece) =>
      typeof piece === "string" ? [...piece].map((letter) => letter.charCodeAt(0)) : [...piece]
    ),
  );
}

export function randomBytes(length: number, seed: number, limit = 256): Bytes {
  const random = new Random(seed);
  return new Uint8Array(length).map(() => random.integer(limit));
}

export async function gzip(bytes: Bytes): Promise<Bytes> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

export function published(name: string, bytes: Uint8Array): PublishedFile {
  return { name, bytes: bytes.length, sha256: sha256(bytes) };
}

export interface SmallSet {
  readonly known: KnownDataset;
  /** The files as they are downloaded, by name. */
  readonly files: ReadonlyMap<string, Bytes>;
  /** What they hold, by name. */
  readonly contents: ReadonlyMap<string, Bytes>;
}

/** Fashion-MNIST with 20 training and 10 test images. */
export async function smallIdxSet(): Promise<SmallSet> {
  const contents = new Map([
    ["train-images-idx3-ubyte", concat(writeIdxHead([20, 28, 28]), randomBytes(20 * 784, 1))],
    ["train-labels-idx1-ubyte", concat(writeIdxHead([20]), randomBytes(20, 2, 10))],
    ["t10k-images-idx3-ubyte", concat(writeIdxHead([10, 28, 28]), randomBytes(10 * 784, 3))],
    ["t10k-labels-idx1-ubyte", concat(writeIdxHead([10]), randomBytes(10, 4, 10))],
  ]);
  const files = new Map<string, Bytes>();
  for (const [name, bytes] of contents) files.set(`${name}.gz`, await gzip(bytes));
  const known: KnownDataset = {
    ...KNOWN_DATASETS["fashion-mnist"],
    counts: { train: 20, test: 10 },
    files: [...files].map(([name, bytes]) => published(name, bytes)),
    contents: [...contents].map(([name, bytes]) => ({
      name,
      sha256: sha256(bytes),
      split: name.startsWith("train") ? "train" : "test",
    })),
  };
  return { known, files, contents };
}

/** CIFAR-10 with two training batches of 5 images and a test batch of 4. */
export function smallCifarSet(): SmallSet {
  const batch = (count: number, seed: number) =>
    writeCifarRecords({
      images: randomBytes(count * 3072, seed),
      labels: randomBytes(count, seed + 100, 10),
    });
  const contents = new Map([
    ["data_batch_1.bin", batch(5, 1)],
    ["data_batch_2.bin", batch(5, 2)],
    ["test_batch.bin", batch(4, 3)],
  ]);
  const known: KnownDataset = {
    ...KNOWN_DATASETS.cifar10,
    counts: { train: 10, test: 4 },
    contents: [...contents].map(([name, bytes]) => ({
      name,
      sha256: sha256(bytes),
      split: name.startsWith("test") ? "test" : "train",
    })),
  };
  return { known, files: contents, contents };
}

/** A new folder that is removed with `using`. */
export function temporaryFolder(): { path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "datasets_test_" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Every file under a folder, for tests that nothing is left behind. */
export function filesUnder(path: string): string[] {
  return Deno.readDirSync(path).flatMap((entry) =>
    entry.isDirectory ? filesUnder(`${path}/${entry.name}`) : [`${path}/${entry.name}`]
  ).toArray().sort();
}
