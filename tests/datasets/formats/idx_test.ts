import { assertEquals, assertThrows } from "@std/assert";
import { readIdx, writeIdxHead } from "../../../datasets/formats/idx.ts";
import type { Shape } from "../../../datasets/mod.ts";
import { concat } from "../small_set.ts";

const SHAPE: Shape = [1, 2, 3];
const read = (bytes: Uint8Array) => readIdx(bytes, SHAPE, 10, "file");
const fails = (bytes: Uint8Array, why: string): void => {
  assertThrows(() => read(bytes), SyntaxError, `Cannot read the IDX file file: ${why}`);
};

const images = concat(writeIdxHead([2, 2, 3]), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
const labels = concat(writeIdxHead([3]), [0, 9, 4]);

Deno.test("an IDX file with three dimensions holds images, one with one dimension labels", () => {
  assertEquals([...read(images).images!], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assertEquals([...read(labels).labels!], [0, 9, 4]);
});

Deno.test("the head is big-endian: magic 2051 for images, sizes in 32 bits", () => {
  const head = writeIdxHead([60_000, 28, 28]);
  assertEquals([...head], [0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28]);
});

Deno.test("a damaged IDX file is refused with what is wrong", async (t) => {
  const changed = (at: number, byte: number) => images.with(at, byte) as Uint8Array;
  const cases: [string, Uint8Array, string][] = [
    ["empty", new Uint8Array(), "expected a head of 16 bytes, received 0 bytes in all"],
    ["cut head", images.subarray(0, 9), "expected a head of 16 bytes, received 9 bytes"],
    ["cut", images.subarray(0, 27), "expected 28 bytes for 2 x 2 x 3, received 27"],
    ["too long", concat(images, [0]), "expected 28 bytes for 2 x 2 x 3, received 29"],
    ["magic", changed(0, 31), "expected two zero bytes first, received 31 and 0"],
    ["element type", changed(2, 0x0d), "expected unsigned bytes (element type 8), received"],
    ["dimensions", changed(3, 2), "expected images (3 dimensions), received 2 dimensions"],
    ["count beyond the file", changed(4, 0xff), "expected 25669140508 bytes"],
    ["image size", concat(writeIdxHead([2, 3, 2]), new Uint8Array(12)), "expected images of 2 x 3"],
    ["label", labels.with(9, 10), "label 1 must be below 10, received 10"],
    ["cut labels", labels.subarray(0, 10), "expected 11 bytes for 3, received 10"],
  ];
  for (const [name, bytes, why] of cases) await t.step(name, () => fails(bytes, why));
});
