/** Eigenvalues and the eigenvectors that belong to them. */
export interface Eigensystem {
  /** Eigenvalues, length N, in no particular order. */
  readonly values: Float64Array;
  /** Orthonormal eigenvectors, N x N row-major: row k belongs to value k. */
  readonly vectors: Float64Array;
}

/** What an off-diagonal entry of a matrix of size 1 may be taken for 0 at: its square still counts. */
const NEGLIGIBLE = 2 ** -500;

/**
 * The eigensystem of a symmetric matrix by Householder reduction to tridiagonal form and implicit
 * QL (Golub and Van Loan, Matrix Computations, 8.3; EISPACK's tred2 and tql2). Everything runs
 * along rows of one flat array, because strided access costs more than the arithmetic. The matrix
 * is first divided by a power of two near its largest entry, which is exact, so that its squares
 * neither overflow nor vanish.
 *
 * @param lower The lower triangle of the matrix by rows, N (N + 1) / 2 finite numbers of any size.
 * @param n The number of rows N.
 * @throws {RangeError} If an entry is not finite.
 */
export function symmetricEigensystem(lower: ArrayLike<number>, n: number): Eigensystem {
  const exponent = exponentOfLargest(lower);
  const down = 2 ** -exponent;
  const vectors = new Float64Array(n * n);
  for (let i = 0, from = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) vectors[i * n + j] = lower[from++]! * down;
  }
  const values = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  tridiagonalize(vectors, values, offDiagonal, n);
  diagonalize(vectors, values, offDiagonal, n);
  return { values: values.map((value) => value * 2 ** exponent), vectors };
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

/**
 * Householder reduction Q' A Q = T. Row i of `a` holds the reflector of step i until its turn to be
 * multiplied into Q'; afterwards `a` is Q', `d` the diagonal and `e[1..]` the off-diagonal of T.
 */
function tridiagonalize(a: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  const scales = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let largest = 0;
    for (let k = 0; k < i; k++) largest = Math.max(largest, Math.abs(a[row + k]!));
    if (i === 1 || largest === 0) {
      e[i] = a[row + i - 1]!;
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
    scales[i] = h;
    multiplyByReflector(a, d, i, n); // d = A u / h
    let dot = 0;
    for (let k = 0; k < i; k++) {
      d[k]! /= h;
      dot += d[k]! * a[row + k]!;
    }
    const half = dot / (h + h);
    for (let k = 0; k < i; k++) d[k]! -= half * a[row + k]!;
    for (let j = 0; j < i; j++) { // A -= u d' + d u'
      const u = a[row + j]!;
      const v = d[j]!;
      for (let k = 0, at = j * n; k <= j; k++) a[at + k]! -= u * d[k]! + v * a[row + k]!;
    }
  }
  accumulate(a, d, scales, n);
}

/** d = A u for the leading i x i block, whose lower triangle is stored, and u in row i. */
function multiplyByReflector(a: Float64Array, d: Float64Array, i: number, n: number): void {
  const row = i * n;
  d.fill(0, 0, i);
  for (let j = 0; j < i; j++) {
    const at = j * n;
    const u = a[row + j]!;
    let sum = 0;
    for (let k = 0; k < j; k++) {
      sum += a[at + k]! * a[row + k]!;
      d[k]! += a[at + k]! * u;
    }
    d[j]! += sum + a[at + j]! * u;
  }
}

/** Multiplies the reflectors into Q', in place, and leaves the diagonal of T in d. */
function accumulate(a: Float64Array, d: Float64Array, scales: Float64Array, n: number): void {
  const u = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    d[i] = a[row + i]!;
    const h = scales[i]!;
    if (h !== 0) {
      for (let k = 0; k < i; k++) u[k] = a[row + k]!;
      for (let j = 0; j < i; j++) { // rows of Q' times (I - u u' / h)
        const at = j * n;
        let sum = 0;
        for (let k = 0; k < i; k++) sum += a[at + k]! * u[k]!;
        sum /= h;
        for (let k = 0; k < i; k++) a[at + k]! -= sum * u[k]!;
      }
    }
    for (let k = 0; k < i; k++) {
      a[row + k] = 0;
      a[k * n + i] = 0;
    }
    a[row + i] = 1;
  }
}

/** Implicit QL with Wilkinson's shift; the rotations turn Q' into the eigenvectors. */
function diagonalize(v: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  const maxIterations = 50;
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
      rotateBlock(v, d, e, l, m, n);
    }
  }
}

/** One QL sweep over the block l..m of the tridiagonal matrix. */
function rotateBlock(
  v: Float64Array,
  d: Float64Array,
  e: Float64Array,
  l: number,
  m: number,
  n: number,
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
    const lower = i * n;
    const upper = lower + n;
    for (let k = 0; k < n; k++) {
      const x = v[upper + k]!;
      const y = v[lower + k]!;
      v[upper + k] = s * y + c * x;
      v[lower + k] = c * y - s * x;
    }
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
}
