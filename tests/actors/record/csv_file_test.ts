import { assertEquals, assertThrows } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { CsvFile } from "../../../actors/record/csv_file.ts";
import { MemoryFiles } from "../../../actors/record/memory_files.ts";

const files = new MemoryFiles();
const text = () => new TextDecoder().decode(files.read("a.csv"));

Deno.test("cells are written as whoever reads the table needs them", () => {
  using file = new CsvFile("a.csv", ["text", "number"], files);
  const texts = ["plain", "cpu:0", "two words", "a,b", 'a "quote"', "two\nlines", "é", "", "=1"];
  for (const [index, cell] of texts.entries()) file.append([cell, -index / 8]);
  file.append([null, 1e300]);
  file.flush();
  const expected = texts.map((cell, index) => ({ text: cell, number: `${-index / 8}` }));
  assertEquals(parse(text(), { skipFirstRow: true }), [
    ...expected,
    { text: "", number: "1e+300" },
  ]);
  assertEquals(text().split("\r\n").slice(0, 5), [
    "text,number",
    "plain,0",
    "cpu:0,-0.125",
    "two words,-0.25",
    '"a,b",-0.375',
  ]);
});

Deno.test("a cell that is missing or no number is refused, and nothing of its row is written", () => {
  using file = new CsvFile("a.csv", ["one", "two"], files);
  for (const cell of [NaN, Infinity, undefined]) {
    assertThrows(
      () => file.append([1, cell as number]),
      RangeError,
      `Cannot write column two: expected a value, received ${cell}`,
    );
  }
  assertThrows(() => file.append([1]), RangeError, "column two");
  file.flush();
  assertEquals(text(), "one,two\r\n");
});

Deno.test("rows are kept back until they are flushed, and not for ever", () => {
  using file = new CsvFile("a.csv", ["one"], files);
  file.append([1]);
  assertEquals(text(), "one\r\n");
  file.flush();
  assertEquals(text(), "one\r\n1\r\n");
  for (let i = 0; i < 20_000; i++) file.append(["0123456789"]);
  assertEquals(text().length > 100_000, true);
});

Deno.test("a row that could only be written in part is the last one", () => {
  let written = "";
  let room = Infinity;
  using file = new CsvFile("table.csv", ["a", "b"], {
    read: () => new Uint8Array(),
    open: () => ({
      write(bytes) {
        const text = new TextDecoder().decode(bytes);
        written += text.slice(0, room);
        if (text.length > room) throw new Error("Cannot write table.csv: no space is left");
      },
      sync: () => Promise.resolve(),
      isIntact: () => true,
      [Symbol.dispose]() {},
    }),
  });
  file.append([1, "one"]);
  file.flush();
  room = 3;
  file.append([2, "two"]);
  assertThrows(() => file.flush(), Error, "no space is left");
  room = Infinity;
  file.append([3, "three"]);
  file.flush();
  assertEquals(written, "a,b\r\n1,one\r\n2,t");
});
