import type { Layout } from "./eigen.ts";
import { COLUMNS, kernels } from "./kernels.ts";

/**
 * Householder reduction Q' A Q = T. Afterwards row i of the matrix holds the reflector of step i and
 * the diagonal entry i of T.
 *
 * @returns The off-diagonal of T: entry i is T_(i,i-1).
 */
export function tridiagonalize(layout: Layout): Float64Array {
  const { memory: a, n, stride, matrix, scales, rows } = layout;
  const e = new Float64Array(n);
  a.fill(0, scales, scales + n);
  let update: RankTwo | null = null; // of the step before; every row gets it when it is read next
  for (let i = n - 1; i > 0; i--) {
    const row = matrix + i * stride;
    updateRows(layout, update, i, i + 1);
    let largest = 0;
    for (let k = 0; k < i; k++) largest = Math.max(largest, Math.abs(a[row + k]!));
    if (i === 1 || largest === 0) {
      e[i] = a[row + i - 1]!;
      updateRows(layout, update, 0, i);
      update = null;
      continue;
    }
    let norm = 0;
    for (let k = 0; k < i; k++) {
      a[row + k]! /= largest;
      norm += a[row + k]! * a[row + k]!;
    }
    const last = a[row + i - 1]!;
    const length = last > 0 ? -Math.sqrt(norm) : Math.sqrt(norm);
    e[i] = largest * length;
    const h = norm - last * length; // half the squared length of the reflector u
    a[row + i - 1] = last - length;
    a[scales + i] = h;
    const d = rows + (i % 2) * stride;
    multiplyByReflector(layout, update, d, i); // d = A u / h
    let dot = 0;
    for (let k = 0; k < i; k++) {
      a[d + k]! /= h;
      dot += a[d + k]! * a[row + k]!;
    }
    const half = dot / (h + h);
    for (let k = 0; k < i; k++) a[d + k]! -= half * a[row + k]!;
    update = { u: row, d };
  }
  return e;
}

/** A -= u d' + d u', where the vectors lie. */
interface RankTwo {
  readonly u: number;
  readonly d: number;
}

function updateRows(layout: Layout, update: RankTwo | null, from: number, to: number): void {
  if (update === null) return;
  const { stride, matrix } = layout;
  const [u, d] = [8 * update.u, 8 * update.d];
  for (let j = from; j < to; j++) {
    const row = 8 * (matrix + j * stride);
    kernels.rankTwo(row, row + 32 * Math.ceil((j + 1) / 4), d, u, u + 8 * j, d + 8 * j);
  }
}

/**
 * d = A u for the leading i x i block, whose lower triangle is stored, and u in row i. The rows get
 * the update of the step before on the way, so that they are read from memory once.
 */
function multiplyByReflector(layout: Layout, update: RankTwo | null, d: number, i: number): void {
  const { memory: a, stride, matrix, rows } = layout;
  const u = matrix + i * stride;
  const sums = rows + 2 * stride;
  a.fill(0, d, d + i);
  for (let from = 0; from < i; from += 4) {
    const to = Math.min(from + 4, i);
    updateRows(layout, update, from, to);
    const four = from > 0 && to === from + 4;
    if (four) {
      const row = 8 * (matrix + from * stride);
      kernels
        .multiplyFour(row, row + 8 * from, 8 * stride, 8 * u, 8 * d, 8 * (u + from), 8 * sums);
    }
    for (let j = from; j < to; j++) { // what is left of them: up to the diagonal
      const at = matrix + j * stride;
      const factor = a[u + j]!;
      let sum = four ? a[sums + j - from]! : 0;
      for (let k = four ? from : 0; k < j; k++) {
        sum += a[at + k]! * a[u + k]!;
        a[d + k]! += a[at + k]! * factor;
      }
      a[d + j]! += sum + a[at + j]! * factor;
    }
  }
}

/**
 * Multiplies the reflectors into Q', four rows at a time, and lays it out in blocks of columns.
 *
 * @returns The diagonal of T.
 */
export function accumulate(layout: Layout): Float64Array {
  const { memory: a, n, stride, matrix, scales, rows } = layout;
  const diagonal = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const end = matrix + i * stride + i;
    diagonal[i] = a[end]!;
    a.fill(0, end, matrix + (i + 1) * stride);
  }
  for (let from = 0; from < n; from += 4) {
    const to = Math.min(from + 4, n);
    a.fill(0, rows, rows + 4 * stride);
    for (let i = from; i < to; i++) { // row i begins as the unit vector i
      for (let j = from; j < i; j++) reflectRow(layout, rows + (j - from) * stride, i);
      a[rows + (i - from) * stride + i] = 1;
    }
    for (let i = to; i < n; i++) {
      if (a[scales + i] === 0) continue;
      const end = 8 * (rows + i + i % 2);
      const u = 8 * (matrix + i * stride);
      kernels.reflectFour(8 * rows, end, 8 * stride, u, 8 * (scales + i));
    }
    for (let i = from; i < to; i++) intoBlocks(layout, rows + (i - from) * stride, i);
  }
  return diagonal;
}

/** A row of Q' times (I - u u' / h) of step i. */
function reflectRow({ memory: a, stride, matrix, scales }: Layout, at: number, i: number): void {
  const h = a[scales + i]!;
  if (h === 0) return;
  const u = matrix + i * stride;
  let sum = 0;
  for (let k = 0; k < i; k++) sum += a[at + k]! * a[u + k]!;
  sum /= h;
  for (let k = 0; k < i; k++) a[at + k]! -= sum * a[u + k]!;
}

function intoBlocks({ memory, n, stride, blocks }: Layout, from: number, row: number): void {
  for (let column = 0; column < stride; column += COLUMNS) {
    const to = blocks + column * n + row * COLUMNS;
    for (let k = 0; k < COLUMNS; k++) memory[to + k] = memory[from + column + k]!;
  }
}
