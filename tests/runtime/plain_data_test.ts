import { assertEquals, assertThrows } from "@std/assert";
import { fc } from "./fast_check.ts";
import { assertMessage, assertPlainData } from "../../actors/runtime/plain_data.ts";

Deno.test("all that structured clone keeps whole is plain data", () => {
  const plain = {
    text: "a",
    number: NaN,
    big: 1n,
    nothing: [null, undefined],
    when: new Date(0),
    pattern: /a/g,
    failure: new RangeError("a"),
    map: new Map([[{ a: 1 }, new Set([[1]])]]),
    views: [new Float32Array(2), new DataView(new ArrayBuffer(1)), new ArrayBuffer(3)],
    shared: new SharedArrayBuffer(8),
    bare: Object.assign(Object.create(null), { a: 1 }),
  };
  assertPlainData(plain, "test");
  assertEquals(structuredClone(plain).map, plain.map);
});

Deno.test("what is accepted can be cloned, and comes out equal", () => {
  fc.assert(fc.property(
    fc.object({
      withMap: true,
      withSet: true,
      withDate: true,
      withBigInt: true,
      withTypedArray: true,
      withSparseArray: false,
      withNullPrototype: false,
    }),
    (value) => {
      assertPlainData(value, "test");
      assertEquals(structuredClone(value), value);
    },
  ));
});

Deno.test("what cannot be cloned, or not whole, is named with its place", () => {
  class Point {}
  const cases: [unknown, string][] = [
    [{ a: [1, { b: () => 1 }] }, "received a function at .a.1.b"],
    [{ a: Symbol("s") }, "received Symbol(s) at .a"],
    [{ a: new Point() }, "received an instance of Point at .a"],
    [{ a: Promise.resolve() }, "received an instance of Promise at .a"],
    [{ a: new Map([[1, new WeakMap()]]) }, "received an instance of Map at .a"],
  ];
  for (const [value, text] of cases) {
    assertThrows(() => assertPlainData(value, "do this"), TypeError, `Cannot do this: `);
    assertThrows(() => assertPlainData(value, "do this"), TypeError, text);
  }
});

Deno.test("a cycle is an error, not a hang", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  assertThrows(() => assertPlainData(loop, "send"), TypeError, "received a cycle");
});

Deno.test("a message has a type", () => {
  for (const value of [null, undefined, 3, "Text", {}, { type: 3 }]) {
    assertThrows(() => assertMessage(value as never, "send"), TypeError, 'a string "type"');
  }
});
