import { assertEquals, assertThrows } from "@std/assert";
import { fc } from "./fast_check.ts";
import {
  assertMessage,
  assertPlainData,
  copyError,
  copyMessage,
  copyPlainData,
} from "../../actors/runtime/plain_data.ts";

function detachedView(): Uint8Array {
  const view = new Uint8Array(8);
  view.buffer.transfer();
  return view;
}

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
      assertEquals(copyPlainData(value, "test"), value);
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
    [{ a: new Map([[1, new WeakMap()]]) }, "received an instance of WeakMap at .a.(map)"],
    [{ a: [1, , 3] }, "received an array with holes at .a"],
    [{ a: new Error("b", { cause: () => 1 }) }, "received a function at .a.cause"],
    [{ a: new (class Own extends Uint8Array {})(1) }, "received an instance of Own at .a"],
    [{ a: detachedView() }, "received a detached buffer at .a"],
  ];
  for (const [value, text] of cases) {
    assertThrows(() => assertPlainData(value, "do this"), TypeError, `Cannot do this: `);
    assertThrows(() => assertPlainData(value, "do this"), TypeError, text);
  }
});

Deno.test("what is shared is visited once, however often it is there", () => {
  let value: unknown = { end: new Float64Array(2) };
  for (let level = 0; level < 90; level++) value = [value, value];
  const copy = copyPlainData(value, "test");
  assertEquals((copy as unknown[])[0] === (copy as unknown[])[1], true);
});

Deno.test("what is nested deeply is an error, not an overflow of the stack", () => {
  let value: unknown = 1;
  for (let level = 0; level < 100_000; level++) value = level % 2 ? [value] : { value };
  assertThrows(() => assertPlainData(value, "send"), TypeError, "more than 100 levels");
});

Deno.test("a view is copied with the bytes that it shows alone", () => {
  const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  const views = [new Uint16Array(buffer, 2, 1), new DataView(buffer, 6)];
  const copies = copyPlainData(views, "test");
  assertEquals(copies.map((view) => view.buffer.byteLength), [2, 2]);
  assertEquals(copies.map((view) => [...new Uint8Array(view.buffer)]), [[3, 4], [7, 8]]);
});

Deno.test("an error is copied with its stack, and without a cause that nobody could copy", () => {
  const error = new RangeError("text", { cause: () => 1 });
  const copy = copyError(error);
  assertEquals([copy.message, copy.stack, "cause" in copy], ["text", error.stack, false]);
  const whole = copyError(new RangeError("text", { cause: new SyntaxError("because") }));
  assertEquals(whole instanceof RangeError && whole.cause instanceof SyntaxError, true);
});

Deno.test("an error of a class of its own arrives as an Error with its message", () => {
  class Own extends Error {}
  const errors = [new Own("a"), new DOMException("a", "AbortError"), new AggregateError([], "a")];
  for (const error of errors) {
    const copy = copyPlainData<Error>(error, "test");
    assertEquals([Object.getPrototypeOf(copy), copy.message], [Error.prototype, "a"]);
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

Deno.test("a small message is copied in all its parts, as a large one is", () => {
  const part = { a: 1, b: "two", c: null, d: undefined, e: 3n, f: true };
  for (const size of [1, 3, 7, 8, 20]) {
    const message = { type: "Parts", parts: {} as Record<string, unknown>, list: [1, "two"] };
    for (let i = 0; i < size; i++) message.parts[`${i}`] = { ...part };
    const copy = copyMessage(message, "send");
    assertEquals(copy, message);
    for (const key of ["parts", "list"] as const) assertEquals(copy[key] === message[key], false);
    for (const [key, own] of Object.entries(message.parts)) {
      assertEquals(copy.parts[key] === own, false);
    }
  }
});

Deno.test("what is twice in a small message is copied once", () => {
  const twice = { a: 1 };
  const copy = copyMessage({ type: "Twice", one: twice, other: twice, list: [] }, "send");
  assertEquals(copy.one === copy.other && copy.one !== twice, true);
});

Deno.test("an error names the place in a small message, too", () => {
  const messages: [object, string][] = [
    [{ type: "A", part: { f() {} } }, "received a function at .part.f"],
    [{ type: "A", part: { list: [1, Symbol("s")] } }, "received Symbol(s) at .part.list.1"],
    [{ type: "A", when: new (class Own extends Date {})() }, "an instance of Own at .when"],
  ];
  for (const [message, text] of messages) {
    assertThrows(() => copyMessage(message as never, "send"), TypeError, text);
  }
});
