import { COLUMNS, padded, workspace } from "./kernels.ts";
import { diagonalize, ROTATIONS } from "./rotations.ts";
import { accumulate, tridiagonalize } from "./tridiagonal.ts";

/** Eigenvalues and the eigenvectors that belong to them. */
export interface Eigensystem {
  /** Eigenvalues, length N, in no particular order. */
  readonly values: Float64Array;
  /** Orthonormal eigenvectors, N x N row-major: row k belongs to value k. */
  readonly vectors: Float64Array;
}

/** Where the parts of a decomposition lie in the memory of the kernels, counted in numbers. */
export interface Layout {
  /** The memory. */
  readonly memory: Float64Array;
  /** The number of rows N. */
  readonly n: number;
  /** The length of a padded row. */
  readonly stride: number;
  /** The matrix, N padded rows of which the lower triangle counts; then the reflectors. */
  readonly matrix: number;
  /** Half the squared length of each reflector, one padded row. */
  readonly scales: number;
  /** Four padded rows for computations. */
  readonly rows: number;
  /** Q', then the eigenvectors: blocks of 8 columns, each N rows of 8. */
  readonly blocks: number;
  /** Rotations that wait to be applied to the blocks, cosine and sine. */
  readonly rotations: number;
}

function layoutOf(n: number): Layout {
  const stride = padded(n);
  const scales = n * stride;
  const rows = scales + stride;
  const blocks = rows + 4 * stride;
  const rotations = blocks + n * stride;
  const memory = workspace(rotations + 2 * (ROTATIONS + n));
  return { memory, n, stride, matrix: 0, scales, rows, blocks, rotations };
}

/**
 * The eigensystem of a symmetric matrix by Householder reduction to tridiagonal form and implicit
 * QL (Golub and Van Loan, Matrix Computations, 8.3; EISPACK's tred2 and tql2). Everything runs
 * along rows, because strided access costs more than the arithmetic, and the eigenvectors are
 * rotated in blocks of columns that stay in the cache. The matrix is first divided by a power of two
 * near its largest entry, which is exact, so that its squares neither overflow nor vanish.
 *
 * @param lower The lower triangle of the matrix by rows, N (N + 1) / 2 finite numbers of any size.
 * @param n The number of rows N.
 * @throws {RangeError} If an entry is not finite.
 */
export function symmetricEigensystem(lower: ArrayLike<number>, n: number): Eigensystem {
  const exponent = exponentOfLargest(lower);
  const down = 2 ** -exponent;
  const layout = layoutOf(n);
  const { memory, stride, matrix } = layout;
  for (let i = 0, from = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) memory[matrix + i * stride + j] = lower[from++]! * down;
  }
  const offDiagonal = tridiagonalize(layout);
  const diagonal = accumulate(layout);
  diagonalize(layout, diagonal, offDiagonal);
  return { values: diagonal.map((value) => value * 2 ** exponent), vectors: vectorsOf(layout) };
}

/** The blocks of columns as one matrix, N x N. */
function vectorsOf({ memory, n, blocks }: Layout): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let column = 0, at = blocks; column < n; column += COLUMNS) {
    const width = Math.min(COLUMNS, n - column);
    for (let row = 0; row < n; row++, at += COLUMNS) {
      for (let k = 0; k < width; k++) vectors[row * n + column + k] = memory[at + k]!;
    }
  }
  return vectors;
}

/** The power of two next to the largest entry, or the smallest whose inverse is finite. */
function exponentOfLargest(lower: ArrayLike<number>): number {
  let largest = 0;
  for (let k = 0; k < lower.length; k++) {
    const size = Math.abs(lower[k]!);
    if (!(size < Infinity)) {
      throw new RangeError(
        `Cannot compute the eigensystem: entries must be finite, received ${lower[k]}`,
      );
    }
    if (size > largest) largest = size;
  }
  return largest === 0 ? 0 : Math.max(-1022, Math.floor(Math.log2(largest)));
}
