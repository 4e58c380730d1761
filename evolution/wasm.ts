/**
 * The pieces of WebAssembly's binary format (https://webassembly.github.io/spec/core/binary/) that
 * loops over vectors of two 64-bit numbers are made of.
 *
 * @module
 */

/** Instructions as bytes. */
export type Code = readonly number[];

/** A function without a result. */
export interface WasmFunction {
  /** Its parameters, i32 each: addresses, or distances between them. */
  readonly parameters: readonly string[];
  /** Its other addresses, i32 each. */
  readonly addresses?: readonly string[];
  /** Its vectors, v128 each. */
  readonly vectors: readonly string[];
  /** Writes the body, given where the locals are. */
  readonly body: (local: (name: string) => number) => Code;
}

/** An unsigned number in LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...unsigned(Math.floor(value / 128))];
}

/** Pushes a local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];
/** Computes a value into a local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
/** Moves an address by a number of bytes, at most 8191 either way, or by what an address holds. */
export const advance = (address: number, bytes: number | Code): Code => {
  // signed LEB128 in two bytes
  const distance = typeof bytes === "number"
    ? [0x41, bytes & 0x7f | 0x80, bytes >> 7 & 0x7f]
    : bytes;
  return set(address, [...get(address), ...distance, 0x6a]);
};
/** Repeats the body, at least once, until the address has reached the end. */
export const until = (address: number, end: number, body: Code): Code => [
  ...[0x03, 0x40, ...body, ...get(address), ...get(end)],
  ...[0x49, 0x0d, 0x00, 0x0b], // branch to the loop if less
];

const memory = (opcode: number, address: number, offset: number): Code => [
  ...get(address),
  ...[0xfd, opcode, 3, ...unsigned(offset)],
];
/** Two neighbouring numbers. */
export const load = (address: number, offset = 0): Code => memory(0x00, address, offset);
/** One number, twice. */
export const loadTwice = (address: number, offset = 0): Code => memory(0x0a, address, offset);
/** Stores two numbers. */
export const store = (address: number, value: Code, offset = 0): Code => [
  ...get(address),
  ...value,
  ...[0xfd, 0x0b, 3, ...unsigned(offset)],
];

const binary = (opcode: number) => (a: Code, b: Code): Code => [...a, ...b, 0xfd, opcode, 0x01];
export const add: (a: Code, b: Code) => Code = binary(0xf0);
export const subtract: (a: Code, b: Code) => Code = binary(0xf1);
export const multiply: (a: Code, b: Code) => Code = binary(0xf2);
export const divide: (a: Code, b: Code) => Code = binary(0xf3);
/** The first numbers of two vectors, or the second ones. */
export const pair = (a: Code, b: Code, which: 0 | 1): Code => {
  const lane = Array.from({ length: 8 }, (_, byte) => 8 * which + byte);
  return [...a, ...b, 0xfd, 0x0d, ...lane, ...lane.map((byte) => byte + 16)];
};

const [typeI32, typeV128] = [0x7f, 0x7b];

/** A module that imports the memory `js.memory` and exports the functions under their names. */
export function encodeModule(
  functions: Readonly<Record<string, WasmFunction>>,
): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  const types = all.map(([, { parameters }]) => [
    ...[0x60, ...list(parameters.map(() => [typeI32]))],
    0x00,
  ]);
  const codes = all.map(([, { parameters, addresses = [], vectors, body }]) => {
    const names = [...parameters, ...addresses, ...vectors];
    const locals = list([
      [...unsigned(addresses.length), typeI32],
      [...unsigned(vectors.length), typeV128],
    ]);
    const code = [...locals, ...body((name) => names.indexOf(name))];
    return [...unsigned(code.length + 1), ...code, 0x0b];
  });
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(types)),
    ...section(2, list([[...text("js"), ...text("memory"), 0x02, 0x00, 0x01]])),
    ...section(3, list(all.map((_, index) => [index]))),
    ...section(7, list(all.map(([name], index) => [...text(name), 0x00, index]))),
    ...section(10, list(codes)),
  ]);
}

function section(id: number, content: Code): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function list(items: readonly Code[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}
