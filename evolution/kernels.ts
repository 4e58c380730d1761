import {
  add,
  advance,
  type Code,
  divide,
  encodeModule,
  get,
  load,
  loadTwice,
  multiply,
  pair,
  set,
  store,
  subtract,
  until,
  type WasmFunction,
} from "./wasm.ts";

/**
 * The loops in which a search spends its time, two numbers at a time. Every number goes through the
 * same operations in the same order as in a plain loop, so that their results are the same to the
 * last bit. Addresses are in bytes; ends are exclusive, and nothing is empty.
 */
export interface Kernels {
  /**
   * out[j] += sum over t of coefficients[t] rows[t][j], in the order of t, for j in steps of 8.
   * Rows lie `stride` bytes apart.
   */
  combine(
    out: number,
    outEnd: number,
    rows: number,
    stride: number,
    coefficients: number,
    coefficientsEnd: number,
  ): void;
  /** row[k] -= u[j] d[k] + d[j] u[k], for k in steps of 4; `uj` and `dj` are where u[j], d[j] lie. */
  rankTwo(row: number, rowEnd: number, d: number, u: number, uj: number, dj: number): void;
  /**
   * For four rows from j on: sums[r] = row_r u, and d[k] += row_r[k] u[j + r], for k in steps of 2.
   */
  multiplyFour(
    row: number,
    rowEnd: number,
    stride: number,
    u: number,
    d: number,
    uj: number,
    sums: number,
  ): void;
  /** Four rows times (I - u u' / h), for k in steps of 2; `h` is where h lies. */
  reflectFour(row: number, rowEnd: number, stride: number, u: number, h: number): void;
  /** Givens rotations (c, s) of a row of 8 columns with the one before it, and so on upwards. */
  rotate(row: number, rotations: number, rotationsEnd: number): void;
}

/** The columns that `combine` and `rotate` take at once: rows are padded to a multiple of them. */
export const COLUMNS = 8;

/** The length of a padded row of so many numbers. */
export function padded(length: number): number {
  return Math.ceil(length / COLUMNS) * COLUMNS;
}

const quad = [0, 1, 2, 3] as const;
/** The same for each of four. */
const each = (write: (q: number) => Code): Code => quad.flatMap((q) => write(q));

const combine: WasmFunction = {
  parameters: ["out", "outEnd", "rows", "stride", "coefficients", "coefficientsEnd"],
  addresses: ["row", "at"],
  vectors: ["factor", "sum0", "sum1", "sum2", "sum3"],
  body: (local) => {
    const [out, rows, row, at] = [local("out"), local("rows"), local("row"), local("at")];
    const [factor, sum] = [local("factor"), (q: number) => local(`sum${q}`)];
    return until(out, local("outEnd"), [
      ...each((q) => set(sum(q), load(out, 16 * q))),
      ...set(row, get(rows)),
      ...set(at, get(local("coefficients"))),
      ...until(at, local("coefficientsEnd"), [
        ...set(factor, loadTwice(at)),
        ...each((q) => set(sum(q), add(get(sum(q)), multiply(get(factor), load(row, 16 * q))))),
        ...advance(row, get(local("stride"))),
        ...advance(at, 8),
      ]),
      ...each((q) => store(out, get(sum(q)), 16 * q)),
      ...advance(rows, 64),
      ...advance(out, 64),
    ]);
  },
};

const rankTwo: WasmFunction = {
  parameters: ["row", "rowEnd", "d", "u", "uj", "dj"],
  vectors: ["uTwice", "dTwice"],
  body: (local) => {
    const [row, d, u] = [local("row"), local("d"), local("u")];
    const [uj, dj] = [local("uTwice"), local("dTwice")];
    const product = (offset: number) =>
      add(multiply(get(uj), load(d, offset)), multiply(get(dj), load(u, offset)));
    return [
      ...set(uj, loadTwice(local("uj"))),
      ...set(dj, loadTwice(local("dj"))),
      ...until(row, local("rowEnd"), [
        ...[0, 16].flatMap((at) => store(row, subtract(load(row, at), product(at)), at)),
        ...[row, d, u].flatMap((address) => advance(address, 32)),
      ]),
    ];
  },
};

/** The addresses of four rows, from the first of them. */
const rowAddresses = ["row", "row1", "row2", "row3"];
const setRows = (local: (name: string) => number): Code =>
  [1, 2, 3].flatMap((q) => [
    ...set(local(`row${q}`), get(local(rowAddresses[q - 1]!))),
    ...advance(local(`row${q}`), get(local("stride"))),
  ]);

/** Adds row_r[k] u[k] to the sums of four rows: two rows share a vector, so that k stays in order. */
const addProducts = (local: (name: string) => number): Code => {
  const [u, value] = [local("u"), (q: number) => get(local(`value${q}`))];
  return [
    ...each((q) => set(local(`value${q}`), load(local(rowAddresses[q]!)))),
    ...([0, 1] as const).flatMap((k) => [
      ...set(local("factor"), loadTwice(u, 8 * k)),
      ...[0, 2].flatMap((q) => {
        const sum = local(`sums${q}`);
        const product = multiply(pair(value(q), value(q + 1), k), get(local("factor")));
        return set(sum, add(get(sum), product));
      }),
    ]),
  ];
};
const productVectors = ["factor", "sums0", "sums2", "value0", "value1", "value2", "value3"];

const multiplyFour: WasmFunction = {
  parameters: ["row", "rowEnd", "stride", "u", "d", "uj", "sums"],
  addresses: ["row1", "row2", "row3"],
  vectors: [...productVectors, "u0", "u1", "u2", "u3"],
  body: (local) => {
    const d = local("d");
    const sum = quad.reduce<Code>(
      (total, q) => add(total, multiply(get(local(`value${q}`)), get(local(`u${q}`)))),
      load(d),
    );
    return [
      ...setRows(local),
      ...each((q) => set(local(`u${q}`), loadTwice(local("uj"), 8 * q))),
      ...until(local("row"), local("rowEnd"), [
        ...addProducts(local),
        ...store(d, sum),
        ...[...rowAddresses, "u", "d"].flatMap((name) => advance(local(name), 16)),
      ]),
      ...store(local("sums"), get(local("sums0"))),
      ...store(local("sums"), get(local("sums2")), 16),
    ];
  },
};

const reflectFour: WasmFunction = {
  parameters: ["row", "rowEnd", "stride", "u", "h"],
  addresses: ["row1", "row2", "row3", "first", "reflector"],
  vectors: [...productVectors, "factor0", "factor1", "factor2", "factor3"],
  body: (local) => {
    const moveOn = [...rowAddresses, "u"].flatMap((name) => advance(local(name), 16));
    return [
      ...setRows(local),
      ...set(local("first"), get(local("row"))),
      ...set(local("reflector"), get(local("u"))),
      ...until(local("row"), local("rowEnd"), [...addProducts(local), ...moveOn]),
      ...each((q) => {
        const sums = divide(get(local(`sums${q & 2}`)), loadTwice(local("h")));
        return set(local(`factor${q}`), pair(sums, sums, q % 2 === 0 ? 0 : 1));
      }),
      ...set(local("row"), get(local("first"))),
      ...setRows(local),
      ...set(local("u"), get(local("reflector"))),
      ...until(local("row"), local("rowEnd"), [
        ...set(local("factor"), load(local("u"))),
        ...each((q) => {
          const row = local(rowAddresses[q]!);
          const product = multiply(get(local(`factor${q}`)), get(local("factor")));
          return store(row, subtract(load(row), product));
        }),
        ...moveOn,
      ]),
    ];
  },
};

const rotate: WasmFunction = {
  parameters: ["row", "rotations", "rotationsEnd"],
  vectors: ["c", "s", ...quad.flatMap((q) => [`x${q}`, `y${q}`])],
  body: (local) => {
    const [row, rotations] = [local("row"), local("rotations")];
    const [c, s] = [get(local("c")), get(local("s"))];
    return [
      ...each((q) => set(local(`x${q}`), load(row, 16 * q))),
      ...until(rotations, local("rotationsEnd"), [
        ...set(local("c"), loadTwice(rotations)),
        ...set(local("s"), loadTwice(rotations, 8)),
        ...advance(row, -64),
        ...each((q) => {
          const [x, y] = [get(local(`x${q}`)), get(local(`y${q}`))];
          return [
            ...set(local(`y${q}`), load(row, 16 * q)),
            ...store(row, add(multiply(s, y), multiply(c, x)), 64 + 16 * q),
            ...set(local(`x${q}`), subtract(multiply(c, y), multiply(s, x))),
          ];
        }),
        ...advance(rotations, 16),
      ]),
      ...each((q) => store(row, get(local(`x${q}`)), 16 * q)),
    ];
  },
};

const memory = new WebAssembly.Memory({ initial: 1 });
const functions = { combine, rankTwo, multiplyFour, reflectFour, rotate };
const instance = new WebAssembly.Instance(
  new WebAssembly.Module(encodeModule(functions)),
  { js: { memory } },
);

/** The kernels, which see one memory. */
export const kernels: Kernels = instance.exports as unknown as Kernels;

let numbers = new Float64Array(memory.buffer);

/**
 * The memory of the kernels with room for so many numbers. What it held is worthless, and a later
 * call may make the array useless: get one for every computation. It grows with the largest one.
 */
export function workspace(length: number): Float64Array {
  if (length > numbers.length) {
    memory.grow(Math.ceil((length - numbers.length) * 8 / 65536));
    numbers = new Float64Array(memory.buffer);
  }
  return numbers;
}
