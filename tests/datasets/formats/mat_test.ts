import { assertEquals, assertRejects } from "@std/assert";
import { readSvhnMat } from "../../../datasets/formats/mat.ts";
import { concat } from "../small_set.ts";

const SHAPE = [3, 32, 32] as const;
const LIMIT = 1 << 20;
const fixture = (name: string) =>
  Deno.readFileSync(new URL(`./fixtures/${name}.mat`, import.meta.url));

/** The fixtures, written by SciPy, hold X[h, w, c, n] = (7 h + 13 w + 31 c + 101 n) mod 256. */
function assertFixture({ images, labels }: { images: Uint8Array; labels: Uint8Array }): void {
  assertEquals([...labels], [1, 0, 3, 9]); // 1, 10, 3, 9 in the file
  for (let n = 0, at = 0; n < 4; n++) {
    for (let c = 0; c < 3; c++) {
      for (let h = 0; h < 32; h++) {
        for (let w = 0; w < 32; w++) {
          assertEquals(images[at++], (7 * h + 13 * w + 31 * c + 101 * n) % 256);
        }
      }
    }
  }
}

Deno.test("packed matrices become N, C, H, W images, and label 10 becomes 0", async () => {
  assertFixture(await readSvhnMat(fixture("svhn_packed"), SHAPE, LIMIT, "train.mat"));
});

Deno.test("plain matrices with labels as doubles say the same", async () => {
  assertFixture(await readSvhnMat(fixture("svhn_plain_double_labels"), SHAPE, LIMIT, "train.mat"));
});

/** The plain fixture, with the four doubles of y as integers of 64 bits. */
function withLongLabels(type: number): Uint8Array<ArrayBuffer> {
  const bytes = fixture("svhn_plain_double_labels");
  const view = new DataView(bytes.buffer);
  const labels = [1, 10, 3, 9];
  const y = bytes.findIndex((_, at) =>
    at + 40 <= bytes.length && view.getUint32(at, true) === 9 &&
    labels.every((label, i) => view.getFloat64(at + 8 + 8 * i, true) === label)
  );
  view.setUint32(y, type, true);
  labels.forEach((label, i) => view.setBigInt64(y + 8 + 8 * i, BigInt(label), true));
  return bytes;
}

Deno.test("labels may be integers of 64 bits, with a sign or without", async () => {
  for (const type of [12, 13]) {
    assertFixture(await readSvhnMat(withLongLabels(type), SHAPE, LIMIT, "train.mat"));
  }
});

Deno.test("a damaged MATLAB file is refused", async (t) => {
  const plain = fixture("svhn_plain_double_labels");
  const packed = fixture("svhn_packed");
  const cases: [string, Uint8Array<ArrayBuffer>, string][] = [
    ["no head", plain.subarray(200), "expected the head of MATLAB 5"],
    ["big-endian", plain.with(126, 0x4d).with(127, 0x49), "expected little-endian numbers"],
    ["cut in X", plain.subarray(0, plain.length - 1000), "it is cut"],
    ["cut in packed data", packed.subarray(0, packed.length - 100), "it is cut"],
    ["noise in packed data", packed.with(300, packed[300]! ^ 255), ""],
    ["no matrix", concat(plain.subarray(0, 128)), "expected X and y, received "],
    [
      "unknown element",
      concat(plain.subarray(0, 128), [1, 0, 0, 0, 0, 0, 0, 0]),
      "expected a matrix",
    ],
  ];
  for (const [name, bytes, why] of cases) {
    await t.step(name, async () => {
      await assertRejects(() => readSvhnMat(bytes, SHAPE, LIMIT, "x.mat"), SyntaxError, why);
    });
  }
});

Deno.test("labels outside 1 to 10 and images of another size are refused", async () => {
  const plain = fixture("svhn_plain_double_labels");
  const nine = plain.findLastIndex((_, i) =>
    // 9.0 as a double: 0x4022000000000000
    plain[i + 7] === 0x40 && plain[i + 6] === 0x22 && plain[i + 5] === 0
  );
  await assertRejects(
    () => readSvhnMat(plain.with(nine + 6, 0x26), SHAPE, LIMIT, "x.mat"), // 11.0
    SyntaxError,
    "expected labels from 1 to 10, received 11",
  );
  await assertRejects(
    () => readSvhnMat(plain, [3, 16, 64], LIMIT, "x.mat"),
    SyntaxError,
    "expected X to be 16 x 64 x 3 x 4, received 32 x 32 x 3 x 4",
  );
});

Deno.test("a packed matrix may not unpack to more than the limit", async () => {
  await assertRejects(
    () => readSvhnMat(fixture("svhn_packed"), SHAPE, 1000, "x.mat"),
    RangeError,
    "Cannot unpack x.mat: expected at most 1000 bytes, received more",
  );
});
