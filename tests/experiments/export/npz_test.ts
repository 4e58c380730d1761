import { assertEquals, assertRejects } from "@std/assert";
import { type ByteArray, writeNpz } from "../../../experiments/export/npz.ts";
import { ConfigurationError } from "../../../options.ts";
import { randomBytes, temporaryFolder } from "../../datasets/small_set.ts";
import { readNpz, unzip } from "./read_npz.ts";

const { signal } = new AbortController();

/** As `numpy.save` of NumPy 2.4.6 begins a file with an array of that shape. */
const NUMPY: readonly [number[], string][] = [
  [[5], "\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (5,), }"],
  [
    [4, 2, 3],
    "\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (4, 2, 3), }",
  ],
  [
    [4, 2, 3, 3],
    "\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (4, 2, 3, 3), }",
  ],
];

function arrays(): ByteArray[] {
  return NUMPY.map(([shape], index) => {
    const bytes = randomBytes(shape.reduce((product, size) => product * size), index);
    return { name: `a${index}`, shape, pieces: [bytes.slice(0, 3), bytes.slice(3)] };
  });
}

Deno.test("each array is a file as NumPy writes it", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a.npz`;
  await writeNpz(path, arrays(), signal);
  const entries = unzip(Deno.readFileSync(path));
  assertEquals(entries.map(({ name }) => name), ["a0.npy", "a1.npy", "a2.npy"]);
  for (const [index, [shape, head]] of NUMPY.entries()) {
    const { content } = entries[index]!;
    assertEquals(String.fromCharCode(...content.subarray(0, 128)), `${head.padEnd(127)}\n`);
    assertEquals(
      readNpz(path)[`a${index}`],
      { shape, bytes: randomBytes(content.length - 128, index) },
    );
  }
});

Deno.test("the same arrays give the same bytes, with the same date", async () => {
  using folder = temporaryFolder();
  const [first, second] = [`${folder.path}/1.npz`, `${folder.path}/2.npz`];
  await writeNpz(first, arrays(), signal);
  await writeNpz(second, arrays(), signal);
  assertEquals(Deno.readFileSync(first), Deno.readFileSync(second));
  const noon1980 = (1 << 21) | (1 << 16) | (12 << 11);
  assertEquals(unzip(Deno.readFileSync(first)).map(({ date }) => date), [
    noon1980,
    noon1980,
    noon1980,
  ]);
});

Deno.test("what a zip cannot hold is refused before anything is written", async () => {
  using folder = temporaryFolder();
  const huge = { name: "x", shape: [2 ** 20, 64, 64, 3], pieces: [] };
  await assertRejects(
    () => writeNpz(`${folder.path}/a.npz`, [huge], signal),
    ConfigurationError,
    "Cannot write a .npz file of 12.0 GiB: it holds up to 4; choose a folder for --out",
  );
  assertEquals([...Deno.readDirSync(folder.path)], []);
});
