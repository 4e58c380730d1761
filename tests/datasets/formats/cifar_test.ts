import { assertEquals, assertThrows } from "@std/assert";
import { readCifarRecords, writeCifarRecords } from "../../../datasets/formats/cifar.ts";
import { isPickle, readCifarPickle } from "../../../datasets/formats/pickle.ts";
import { concat, randomBytes } from "../small_set.ts";
import { cifarPickle } from "./cifar_pickle.ts";

const SHAPE = [3, 32, 32] as const;
const images = randomBytes(300 * 3072, 7);
const labels = randomBytes(300, 8, 10);

Deno.test("a CIFAR-10 record is a label and then the image", () => {
  const records = writeCifarRecords({ images, labels });
  assertEquals(records.length, 300 * 3073);
  assertEquals(records[2 * 3073], labels[2]);
  assertEquals(records[2 * 3073 + 5], images[2 * 3072 + 4]);
  assertEquals(readCifarRecords(records, SHAPE, 10, "batch"), { images, labels });
});

Deno.test("a cut batch and a label out of range are refused", () => {
  const records = writeCifarRecords({ images, labels });
  assertThrows(
    () => readCifarRecords(records.subarray(1), SHAPE, 10, "batch"),
    SyntaxError,
    "expected a whole number of records of 3073 bytes, received 921899 bytes",
  );
  assertThrows(
    () => readCifarRecords(records.with(3073, 10), SHAPE, 10, "batch"),
    SyntaxError,
    "label 1 must be below 10, received 10",
  );
  assertThrows(() => readCifarRecords(new Uint8Array(), SHAPE, 10, "batch"), SyntaxError);
});

Deno.test("a Python batch holds the same as a binary one", () => {
  const pickle = cifarPickle(images, labels);
  assertEquals(isPickle(pickle), true);
  assertEquals(isPickle(writeCifarRecords({ images, labels })), false);
  const decoded = readCifarPickle(pickle, "data_batch_1");
  assertEquals(decoded.labels, labels);
  assertEquals(decoded.images.every((value, i) => value === images[i]), true);
});

Deno.test("a pickle that is cut anywhere is refused", () => {
  const pickle = cifarPickle(images.subarray(0, 3072), labels.subarray(0, 1));
  for (let length = 2; length < pickle.length; length++) {
    assertThrows(() => readCifarPickle(pickle.subarray(0, length), "batch"), SyntaxError);
  }
});

Deno.test("a pickle that names a function other than numpy's is refused, not run", () => {
  const evil = concat([0x80, 2], "cos\nsystem\n(U\x02lstR.");
  assertThrows(
    () => readCifarPickle(evil, "batch"),
    SyntaxError,
    "Cannot read the pickle batch: it names os.system, which no image set needs",
  );
});

Deno.test("a pickle of something else is refused", () => {
  assertThrows(() => readCifarPickle(concat([0x80, 2], "]."), "b"), SyntaxError, "a dictionary");
  assertThrows(() => readCifarPickle(concat([0x80, 2], "}."), "b"), SyntaxError, "`labels`");
  const short = cifarPickle(images.subarray(0, 3072), labels.subarray(0, 2));
  assertThrows(() => readCifarPickle(short, "b"), SyntaxError, "numpy array of 2 rows");
});
