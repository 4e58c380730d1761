/**
 * What may be in a message, and how it is copied.
 *
 * The rules are those of structured clone, less what it leaves out without a word: instances of
 * classes, holes of arrays. A message is copied where it is sent, so that it cannot change on its
 * way, and what has been copied by these rules, every transport carries whole.
 *
 * @module
 */

import { copySmall, isFlatList } from "./copy_small.ts";
import type { Message } from "./envelope.ts";

const DEEPEST = 100;

/** How {@linkcode copyPlainData} is to treat buffers. */
export interface CopyOptions {
  /** Whether a `SharedArrayBuffer` may stay shared; otherwise it is an error. Default: `true`. */
  readonly sharesMemory?: boolean;
}

/**
 * A copy of a message, which consists of plain data: primitives, arrays, plain objects, maps, sets,
 * dates, regular expressions, errors, buffers and views of buffers. A `SharedArrayBuffer` stays
 * shared. What is there twice is copied once.
 *
 * @param doing What is being done, for the error.
 * @throws {TypeError} If it holds anything else, a cycle, or more than 100 levels, or has no `type`.
 */
export function copyMessage<M extends Message>(
  message: M,
  doing: string,
  { sharesMemory = true }: CopyOptions = {},
): M {
  requireType(message, doing);
  const small = copySmall(message);
  if (small !== undefined) return small;
  const walk = new Walk(`${doing} "${message.type}"`, sharesMemory, true);
  const copy = walk.of(message);
  if (walk.foundSharedMemory) withSharedMemory.add(copy);
  return copy;
}

/**
 * Checks a message that has come from elsewhere, as {@linkcode copyMessage} does.
 *
 * @throws {TypeError} As for {@linkcode copyMessage}.
 */
export function assertMessage(
  message: unknown,
  doing: string,
  { sharesMemory = true }: CopyOptions = {},
): void {
  requireType(message, doing);
  if (copySmall(message) !== undefined) return;
  const walk = new Walk(`${doing} "${message.type}"`, sharesMemory, false);
  walk.of(message);
  if (walk.foundSharedMemory) withSharedMemory.add(message);
}

/** Messages that were copied or checked, and hold a `SharedArrayBuffer`. */
const withSharedMemory = new WeakSet<Message>();

/** Whether a message that was copied or checked here holds a `SharedArrayBuffer`. */
export function holdsSharedMemory(message: Message): boolean {
  return withSharedMemory.has(message);
}

/**
 * As {@linkcode copyMessage}, for any value.
 *
 * @throws {TypeError} If it is not plain data.
 */
export function copyPlainData<T>(
  value: T,
  doing: string,
  { sharesMemory = true }: CopyOptions = {},
): T {
  return new Walk(doing, sharesMemory, true).of(value);
}

/**
 * As {@linkcode assertMessage}, for any value.
 *
 * @throws {TypeError} If it is not plain data.
 */
export function assertPlainData(
  value: unknown,
  doing: string,
  { sharesMemory = true }: CopyOptions = {},
): void {
  new Walk(doing, sharesMemory, false).of(value);
}

/** A copy of an error that every transport carries; a cause that none could is left out. */
export function copyError(error: Error): Error {
  try {
    return copyPlainData(error, "copy an error", { sharesMemory: false });
  } catch {
    return withStack(new Error(String(error.message)), error.stack);
  }
}

function requireType(message: unknown, doing: string): asserts message is Message {
  const type = (message as Partial<Message> | null | undefined)?.type;
  if (typeof message === "object" && typeof type === "string") return;
  throw new TypeError(
    `Cannot ${doing}: expected an object with a string "type", received ${describe(message)}`,
  );
}

type ViewConstructor = new (buffer: ArrayBuffer) => ArrayBufferView;

/** Other errors travel as an `Error`. */
const STANDARD_ERRORS: ReadonlyMap<unknown, ErrorConstructor> = new Map(
  [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError]
    .map((constructor) => [constructor.name, constructor]),
);

const VIEWS: ReadonlyMap<unknown, ViewConstructor> = new Map(
  [
    DataView,
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    BigInt64Array,
    BigUint64Array,
    Float16Array,
    Float32Array,
    Float64Array,
  ].map((constructor) => [constructor.prototype, constructor]),
);

/** Stands for the copy of an object whose parts are being copied. */
const UNFINISHED = Symbol();

/** One walk through a value. */
class Walk {
  readonly #doing: string;
  readonly #sharesMemory: boolean;
  readonly #copiesBytes: boolean;
  readonly #copies = new Map<object, unknown>();
  /** Whether a `SharedArrayBuffer` was found. */
  foundSharedMemory = false;
  /** Leads to the part that the walk is at. */
  readonly #path: (string | number)[] = [];

  constructor(doing: string, sharesMemory: boolean, copiesBytes: boolean) {
    this.#doing = doing;
    this.#sharesMemory = sharesMemory;
    this.#copiesBytes = copiesBytes;
  }

  /** A copy of a value; only its bytes are not copied if only a check was asked for. */
  of<T>(value: T): T;
  of(value: unknown): unknown {
    if (typeof value === "function" || typeof value === "symbol") this.#refuse(describe(value));
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined && known !== UNFINISHED) return known;
    if (known === UNFINISHED || this.#path.length >= DEEPEST) {
      throw new TypeError(
        `Cannot ${this.#doing}: expected plain data, received a cycle or more than ${DEEPEST} ` +
          "levels",
      );
    }
    this.#copies.set(value, UNFINISHED);
    const copy = this.#copyOf(value);
    this.#copies.set(value, copy);
    return copy;
  }

  #copyOf(value: object): unknown {
    const prototype: object | null = Object.getPrototypeOf(value);
    switch (prototype) {
      case null:
      case Object.prototype:
        return this.#record(value as Readonly<Record<string, unknown>>);
      case Array.prototype:
        return this.#array(value as readonly unknown[]);
      case Map.prototype:
        return new Map(
          [...value as Map<unknown, unknown>].map((entry) =>
            entry.map((part) => this.#at("(map)", part)) as [unknown, unknown]
          ),
        );
      case Set.prototype:
        return new Set([...value as Set<unknown>].map((part) => this.#at("(set)", part)));
      case Date.prototype:
        return new Date((value as Date).getTime());
      case RegExp.prototype:
        return new RegExp(value as RegExp);
      case ArrayBuffer.prototype:
        return this.#buffer(value as ArrayBuffer);
      case SharedArrayBuffer.prototype:
        if (!this.#sharesMemory) this.#refuse("a SharedArrayBuffer in a process");
        this.foundSharedMemory = true;
        return value;
    }
    const View = VIEWS.get(prototype);
    if (View !== undefined) return this.#view(value as ArrayBufferView, View);
    if (value instanceof Error) return this.#error(value);
    return this.#refuse(describe(value));
  }

  #record(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const copy = { ...record };
    for (const key of Object.keys(copy)) {
      const part = copy[key];
      if (typeof part === "number" || typeof part === "string") continue;
      // The copy has it already, so that this sets a property of any name, also `__proto__`.
      copy[key] = this.#at(key, part);
    }
    return copy;
  }

  #array(array: readonly unknown[]): unknown[] {
    if (isFlatList(array)) return array.slice();
    for (let i = 0; i < array.length; i++) {
      if (array[i] === undefined && !(i in array)) this.#refuse("an array with holes");
    }
    return array.map((part, i) => this.#at(i, part));
  }

  #buffer(buffer: ArrayBuffer): ArrayBuffer {
    if (buffer.detached) this.#refuse("a detached buffer");
    return this.#copiesBytes ? buffer.slice(0) : buffer;
  }

  /** With the bytes that it shows, and not those around them. */
  #view(view: ArrayBufferView, View: ViewConstructor): ArrayBufferView {
    const { buffer, byteOffset, byteLength } = view;
    if (buffer instanceof SharedArrayBuffer) {
      this.of(buffer);
      return view;
    }
    if (buffer.detached) this.#refuse("a detached buffer");
    return this.#copiesBytes ? new View(buffer.slice(byteOffset, byteOffset + byteLength)) : view;
  }

  #error(error: Error): Error {
    const Standard = STANDARD_ERRORS.get(error.name) ?? Error;
    const options = "cause" in error ? { cause: this.#at("cause", error.cause) } : undefined;
    return withStack(new Standard(String(error.message), options), error.stack);
  }

  #at(key: string | number, part: unknown): unknown {
    this.#path.push(key);
    const copy = this.of(part);
    this.#path.pop();
    return copy;
  }

  #refuse(what: string): never {
    const where = this.#path.length === 0 ? "" : ` at .${this.#path.join(".")}`;
    throw new TypeError(`Cannot ${this.#doing}: expected plain data, received ${what}${where}`);
  }
}

function withStack(error: Error, stack: unknown): Error {
  const value = typeof stack === "string" ? stack : undefined;
  return Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
}

function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const name = value.constructor?.name ?? "null";
  return name === "Object" ? "an object without one" : `an instance of ${name}`;
}
