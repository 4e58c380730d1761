import { assertEquals, assertThrows } from "@std/assert";
import { CsvFile } from "../../../actors/record/csv_file.ts";

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
