import type { Layout } from "./eigen.ts";
import { COLUMNS, kernels } from "./kernels.ts";

/** After how many rotations they are applied to the eigenvectors. */
export const ROTATIONS = 2 ** 16;

/** What an off-diagonal entry of a matrix of size 1 may be taken for 0 at: its square still counts. */
const NEGLIGIBLE = 2 ** -500;

/** Rotations of a row with the one before it, and so on upwards. */
interface Sweep {
  /** The row where they begin. */
  readonly row: number;
  /** Where the first of them lies, counted in numbers. */
  readonly start: number;
  /** Where the last of them ends. */
  end: number;
}

/**
 * Implicit QL with Wilkinson's shift; the rotations turn Q' into the eigenvectors.
 *
 * @param d The diagonal of T, which becomes the eigenvalues.
 * @param e Its off-diagonal, with nothing in the first place; it is used up.
 */
export function diagonalize(layout: Layout, d: Float64Array, e: Float64Array): void {
  const maxIterations = 50;
  const { n, rotations } = layout;
  let sweeps: Sweep[] = [];
  let end = rotations;
  for (let k = 1; k < n; k++) e[k - 1] = e[k]!;
  e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let iteration = 0;; iteration++) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Math.max(Number.EPSILON * size, NEGLIGIBLE)) break;
      }
      if (m === l) break;
      if (iteration === maxIterations) {
        throw new RangeError(
          `Cannot compute the eigensystem: no convergence after ${maxIterations} iterations`,
        );
      }
      const sweep: Sweep = { row: m, start: end, end };
      rotateBlock(layout.memory, sweep, d, e, l, m);
      sweeps.push(sweep);
      end = sweep.end;
      if (end - rotations >= 2 * ROTATIONS) {
        applySweeps(layout, sweeps);
        sweeps = [];
        end = rotations;
      }
    }
  }
  applySweeps(layout, sweeps);
}

/** One QL sweep over the block l..m of the tridiagonal matrix, which notes its rotations. */
function rotateBlock(
  memory: Float64Array,
  sweep: Sweep,
  d: Float64Array,
  e: Float64Array,
  l: number,
  m: number,
): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const root = Math.hypot(g, 1);
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? root : -root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) { // the block splits here
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    memory[sweep.end++] = c;
    memory[sweep.end++] = s;
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}

/** Every block of columns goes through all sweeps while it is in the cache. */
function applySweeps({ n, stride, blocks }: Layout, sweeps: readonly Sweep[]): void {
  for (let column = 0; column < stride; column += COLUMNS) {
    const block = blocks + column * n;
    for (const { row, start, end } of sweeps) {
      if (end > start) kernels.rotate(8 * (block + row * COLUMNS), 8 * start, 8 * end);
    }
  }
}
