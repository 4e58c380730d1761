/**
 * The Python pickles of `cifar-10-python.tar.gz`: a dictionary with `data`, a numpy array of bytes
 * N x 3072, and `labels`, a list of N integers.
 *
 * A pickle is a program. This reader knows only the instructions that these files use, builds plain
 * data, and calls nothing; a name other than numpy's array and type is refused.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 * @module
 */
import type { Decoded } from "./decoded.ts";

/** The result of calling a named Python function, left uncalled. */
class Call {
  state: unknown;
  constructor(readonly callee: string, readonly args: readonly unknown[]) {}
}

class Name {
  constructor(readonly text: string) {}
}

const RECONSTRUCT = "numpy.core.multiarray._reconstruct";
const NAMES = new Set([RECONSTRUCT, "numpy.ndarray", "numpy.dtype"]);

/** Whether bytes start like a pickle of protocol 2 or later. */
export function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;
}

/**
 * Read the images and labels of a CIFAR-10 pickle.
 *
 * @param name The file's name, for the error.
 * @throws {SyntaxError} If it is damaged or holds anything else.
 */
export function readCifarPickle(bytes: Uint8Array, name: string): Required<Decoded> {
  const fail = (why: string) => new SyntaxError(`Cannot read the pickle ${name}: ${why}`);
  let top: unknown;
  try {
    top = new Unpickler(bytes).run();
  } catch (error) {
    throw fail(error instanceof RangeError ? "it is cut" : (error as Error).message);
  }
  if (!(top instanceof Map)) throw fail("expected a dictionary");
  const labels = top.get("labels");
  const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >> 8 === 0;
  if (!Array.isArray(labels) || !labels.every(isByte)) {
    throw fail("expected `labels` to be a list of integers from 0 to 255");
  }
  const images = arrayBytes(top.get("data"), labels.length);
  if (!images) {
    throw fail(`expected \`data\` to be a numpy array of ${labels.length} rows of bytes`);
  }
  return { images, labels: Uint8Array.from(labels) };
}

/** The bytes of a numpy array, whose state is (version, shape, type, Fortran order, bytes). */
function arrayBytes(data: unknown, rows: number): Uint8Array | undefined {
  if (!(data instanceof Call) || data.callee !== RECONSTRUCT) return;
  if (!Array.isArray(data.state) || data.state.length !== 5) return;
  const [, shape, type, fortran, raw] = data.state;
  if (!(type instanceof Call) || type.callee !== "numpy.dtype" || type.args[0] !== "u1") return;
  if (!Array.isArray(shape) || shape.length !== 2 || shape[0] !== rows) return;
  if (fortran !== false || !(raw instanceof Uint8Array)) return;
  return raw.length === shape[0] * shape[1] ? raw : undefined;
}

/** Longer byte strings are data and stay bytes; shorter ones are names. */
const LONGEST_TEXT = 255;

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, unknown>();
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  run(): unknown {
    for (;;) {
      const code = this.#byte();
      if (code === 0x2e) return this.#pop(); // STOP
      this.#step(code);
    }
  }

  #step(code: number): void {
    const stack = this.#stack;
    // deno-fmt-ignore
    switch (code) {
      case 0x80: this.#byte(); break; // PROTO
      case 0x28: this.#marks.push(stack.length); break; // MARK
      case 0x7d: stack.push(new Map()); break; // EMPTY_DICT
      case 0x5d: case 0x29: stack.push([]); break; // EMPTY_LIST, EMPTY_TUPLE
      case 0x4e: stack.push(null); break; // NONE
      case 0x88: stack.push(true); break; // NEWTRUE
      case 0x89: stack.push(false); break; // NEWFALSE
      case 0x4b: stack.push(this.#byte()); break; // BININT1
      case 0x4d: stack.push(this.#view.getUint16(this.#skip(2), true)); break; // BININT2
      case 0x4a: stack.push(this.#view.getInt32(this.#skip(4), true)); break; // BININT
      case 0x55: stack.push(this.#string(this.#byte())); break; // SHORT_BINSTRING
      case 0x54: stack.push(this.#string(this.#uint32())); break; // BINSTRING
      case 0x71: this.#memo.set(this.#byte(), stack.at(-1)); break; // BINPUT
      case 0x72: this.#memo.set(this.#uint32(), stack.at(-1)); break; // LONG_BINPUT
      case 0x68: stack.push(this.#memo.get(this.#byte())); break; // BINGET
      case 0x6a: stack.push(this.#memo.get(this.#uint32())); break; // LONG_BINGET
      case 0x85: case 0x86: case 0x87: this.#tuple(code - 0x84); break; // TUPLE1 to TUPLE3
      case 0x74: stack.push(this.#sinceMark()); break; // TUPLE
      case 0x61: this.#append([this.#pop()]); break; // APPEND
      case 0x65: this.#append(this.#sinceMark()); break; // APPENDS
      case 0x73: this.#setItems(stack.splice(-2)); break; // SETITEM
      case 0x75: this.#setItems(this.#sinceMark()); break; // SETITEMS
      case 0x63: stack.push(this.#name()); break; // GLOBAL
      case 0x52: this.#reduce(); break; // REDUCE
      case 0x62: this.#build(); break; // BUILD
      default: throw new SyntaxError(`unexpected instruction 0x${code.toString(16)}`);
    }
  }

  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw new RangeError();
    this.#at += length;
    return start;
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  #uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #string(length: number): string | Uint8Array {
    const start = this.#skip(length);
    const bytes = this.#bytes.subarray(start, start + length);
    return length > LONGEST_TEXT ? bytes : String.fromCharCode(...bytes);
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw new SyntaxError("it takes a value that is not there");
    return this.#stack.pop();
  }

  #sinceMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new SyntaxError("it takes a mark that is not there");
    return this.#stack.splice(mark);
  }

  #tuple(length: number): void {
    if (this.#stack.length < length) throw new SyntaxError("it takes a value that is not there");
    this.#stack.push(this.#stack.splice(-length));
  }

  #append(values: readonly unknown[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw new SyntaxError("it appends to something that is no list");
    for (const value of values) list.push(value);
  }

  #setItems(items: readonly unknown[]): void {
    const map = this.#stack.at(-1);
    if (!(map instanceof Map)) throw new SyntaxError("it sets items of something that has none");
    for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
  }

  /** Two lines: a module and a name in it. */
  #name(): Name {
    const text = `${this.#line()}.${this.#line()}`;
    if (!NAMES.has(text)) throw new SyntaxError(`it names ${text}, which no image set needs`);
    return new Name(text);
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0 || end - this.#at > LONGEST_TEXT) throw new SyntaxError("a name has no end");
    const start = this.#skip(end + 1 - this.#at);
    return String.fromCharCode(...this.#bytes.subarray(start, end));
  }

  #reduce(): void {
    const args = this.#pop();
    const callee = this.#pop();
    if (!(callee instanceof Name) || !Array.isArray(args)) {
      throw new SyntaxError("it calls something that is no function");
    }
    this.#stack.push(new Call(callee.text, args));
  }

  #build(): void {
    const state = this.#pop();
    const object = this.#stack.at(-1);
    if (!(object instanceof Call)) throw new SyntaxError("it fills something that is no object");
    object.state = state;
  }
}
