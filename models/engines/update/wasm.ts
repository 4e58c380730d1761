/**
 * The few pieces of WebAssembly's binary format (https://webassembly.github.io/spec/core/binary/)
 * that an update kernel is made of.
 *
 * @module
 */

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [value % 128 + 128, ...unsigned(Math.floor(value / 128))];
}

/** Pushes a 32-bit float. */
export function f32(value: number): number[] {
  return [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
}

/** Pushes a local or a parameter. */
export function localGet(index: number): number[] {
  return [0x20, ...unsigned(index)];
}

/** Pops into a local. */
export function localSet(index: number): number[] {
  return [0x21, ...unsigned(index)];
}

/** Instructions without vectors. */
export const instruction = {
  loop: [0x03, 0x40],
  branchIfToLoop: [0x0d, 0x00],
  end: [0x0b],
  i32Const: [0x41],
  i32Add: [0x6a],
  i32LessUnsigned: [0x49],
} as const;

const aligned = 4; // 2^4 bytes

/** Instructions on vectors of four floats. */
export const simd = {
  load: (offset: number): number[] => [0xfd, 0x00, aligned, ...unsigned(offset)],
  store: (offset: number): number[] => [0xfd, 0x0b, aligned, ...unsigned(offset)],
  splat: [0xfd, 0x13],
  squareRoot: [0xfd, 0xe3, 0x01],
  add: [0xfd, 0xe4, 0x01],
  subtract: [0xfd, 0xe5, 0x01],
  multiply: [0xfd, 0xe6, 0x01],
  divide: [0xfd, 0xe7, 0x01],
  minimum: [0xfd, 0xe8, 0x01],
  maximum: [0xfd, 0xe9, 0x01],
} as const;

/** A function of an integer and some floats, with one integer local and some vector locals. */
export interface KernelFunction {
  readonly scalarCount: number;
  readonly vectorCount: number;
  readonly body: readonly number[];
}

const [typeI32, typeF32, typeV128] = [0x7f, 0x7d, 0x7b];

/** A module that imports the memory `js.memory` and exports the function as `update`. */
export function encodeModule(kernel: KernelFunction): Uint8Array<ArrayBuffer> {
  const { scalarCount, vectorCount, body } = kernel;
  const parameters = [typeI32, ...Array<number>(scalarCount).fill(typeF32)];
  const locals = [[1, typeI32], [vectorCount, typeV128]];
  const code = [...vector(locals.map(([count, type]) => [...unsigned(count!), type!])), ...body];
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([[0x60, ...vector(parameters.map((type) => [type])), 0x00]])),
    ...section(2, vector([[...name("js"), ...name("memory"), 0x02, 0x00, 0x01]])),
    ...section(3, vector([[0x00]])),
    ...section(7, vector([[...name("update"), 0x00, 0x00]])),
    ...section(10, vector([[...unsigned(code.length + 1), ...code, ...instruction.end]])),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}
