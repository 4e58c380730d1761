import { assertEquals } from "@std/assert";
import { exported } from "../exported.ts";

Deno.test("what a module exports is told by name and type, of many only the first", () => {
  assertEquals(exported({}), "received one that exports nothing");
  assertEquals(
    exported({ a: 1, b: () => {} }),
    "received one that exports a (number), b (function)",
  );
  const many = Object.fromEntries("abcdefghij".split("").map((name) => [name, null]));
  assertEquals(exported(many).split(", ").at(-1), "2 more");
});
