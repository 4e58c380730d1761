/** A folder of small images, for tests of what becomes of runs when images change. */
import { encode } from "fast-png";
import type { SearchRunOptions } from "../../mod.ts";
import { Random } from "../../random.ts";
import { small } from "./small_search.ts";

/** An image of noise. */
export function noise(seed: number, size = 16, channels: 1 | 3 = 1): Uint8Array {
  const random = new Random(seed);
  const data = Uint8Array.from({ length: size * size * channels }, () => random.integer(256));
  return encode({ width: size, height: size, channels, depth: 8, data });
}

/** Write training and test images of two classes, `ant` and `bee`. */
export function writeImages(path: string, size?: number, channels?: 1 | 3): void {
  for (const [half, count] of [["train", 20], ["test", 5]] as const) {
    for (const [label, name] of ["ant", "bee"].entries()) {
      Deno.mkdirSync(`${path}/${half}/${name}`, { recursive: true });
      for (let image = 0; image < count; image++) {
        Deno.writeFileSync(
          `${path}/${half}/${name}/${image}.png`,
          noise(2 * image + label, size, channels),
        );
      }
    }
  }
}

/** A search with such images. */
export const brief: SearchRunOptions = {
  ...small,
  trainSize: 20,
  batchSize: 10,
  discriminatorSize: 10,
  generations: 1,
  finalists: 1,
};

/** The bytes of every file in a folder, by name. Who holds the lock is not part of a run. */
export function bytesIn(directory: string): Record<string, string> {
  return Object.fromEntries(
    [...Deno.readDirSync(directory)]
      .filter(({ name }) => name !== "lock")
      .map(({ name }) => [name, Deno.readFileSync(`${directory}/${name}`).toBase64()] as const)
      .sort(([a], [b]) => a < b ? -1 : 1),
  );
}
