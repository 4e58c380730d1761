import { symmetricEigensystem } from "./eigen.ts";
import { kernels, padded, workspace } from "./kernels.ts";

/** A full covariance matrix C = B D^2 B' with its (possibly slightly older) eigensystem. */
export interface FullCovariance {
  /** All covariances are learned. */
  readonly variant: "full";
  /** The lower triangle of C by rows: C_00, C_10, C_11, C_20, ... */
  readonly lower: readonly number[];
  /** The principal axes B', N x N, row-major: row k is the unit vector of axis k. */
  readonly axes: readonly number[];
  /** The standard deviations D along the axes, length N, positive. */
  readonly lengths: readonly number[];
}

/** A diagonal covariance matrix, for dimensions where N^2 numbers are too many. */
export interface SeparableCovariance {
  /** Only the variances are learned. */
  readonly variant: "separable";
  /** The diagonal of C, length N. */
  readonly variances: readonly number[];
  /** Its square roots, length N, positive. */
  readonly lengths: readonly number[];
}

/** The shape of a search distribution; the step size scales it. */
export type Covariance = FullCovariance | SeparableCovariance;

/** The condition number that a repaired matrix has: what 64-bit numbers can still tell from 0. */
const WORST_CONDITION = 1e15;

/** The identity matrix. */
export function identityCovariance(variant: Covariance["variant"], n: number): Covariance {
  const ones = new Array<number>(n).fill(1);
  if (variant === "separable") return { variant, variances: ones, lengths: ones };
  const lower: number[] = [];
  const axes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) lower.push(i === j ? 1 : 0);
    for (let j = 0; j < n; j++) axes.push(i === j ? 1 : 0);
  }
  return { variant, lower, axes, lengths: ones };
}

/** A covariance with the given matrix, N rows of N of which the lower triangle counts. */
export function covarianceFrom(
  variant: Covariance["variant"],
  matrix: readonly (readonly number[])[],
): Covariance {
  if (variant === "separable") {
    return decomposed({ variant, variances: matrix.map((row, i) => row[i]!), lengths: [] });
  }
  const lower = matrix.flatMap((row, i) => row.slice(0, i + 1));
  return decomposed({ variant, lower, axes: [], lengths: matrix.map(() => 1) });
}

/** The matrix C, N rows of N. */
export function matrixOf(covariance: Covariance): number[][] {
  const n = covariance.lengths.length;
  const entry = (i: number, j: number) => {
    if (covariance.variant === "separable") return i === j ? covariance.variances[i]! : 0;
    return covariance.lower[i >= j ? triangle(i) + j : triangle(j) + i]!;
  };
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => entry(i, j)));
}

/** The diagonal of C. */
export function variancesOf(covariance: Covariance): readonly number[] {
  if (covariance.variant === "separable") return covariance.variances;
  return covariance.lengths.map((_, i) => covariance.lower[triangle(i) + i]!);
}

/** B D z for each z: standard normal vectors become vectors with covariance C. */
export function stretch(covariance: Covariance, zs: readonly (readonly number[])[]): number[][] {
  const { lengths } = covariance;
  const scaled = zs.map((z) => {
    const product: number[] = [];
    for (let k = 0; k < z.length; k++) product.push(z[k]! * lengths[k]!);
    return product;
  });
  return covariance.variant === "separable" ? scaled : combineAxes(covariance.axes, scaled);
}

/** D^-1 B' y: the inverse of {@linkcode stretch}, in the coordinates of the axes. */
export function whiten(covariance: Covariance, y: readonly number[]): number[] {
  const { lengths } = covariance;
  if (covariance.variant === "separable") return y.map((value, i) => value / lengths[i]!);
  const { axes } = covariance;
  const n = y.length;
  return lengths.map((length, k) => {
    let dot = 0;
    for (let i = 0, at = k * n; i < n; i++) dot += axes[at + i]! * y[i]!;
    return dot / length;
  });
}

/** C^(-1/2) y = B D^-1 B' y, in the coordinates of the search space. */
export function standardize(covariance: Covariance, y: readonly number[]): number[] {
  const white = whiten(covariance, y);
  return covariance.variant === "separable" ? white : combineAxes(covariance.axes, [white])[0]!;
}

/** C^(1/2) y = B D B' y, the inverse of {@linkcode standardize}. */
export function unstandardize(covariance: Covariance, y: readonly number[]): number[] {
  const ones = covariance.lengths.map(() => 1);
  return stretch(covariance, [whiten({ ...covariance, lengths: ones }, y)])[0]!;
}

/** The matrix C_ij / (f_i f_j), without its eigensystem. */
export function dividedBy(covariance: Covariance, factors: readonly number[]): Covariance {
  if (covariance.variant === "separable") {
    const variances = covariance.variances.map((value, i) => value / factors[i]! / factors[i]!);
    return { ...covariance, variances };
  }
  const lower = factors.flatMap((factor, i) =>
    covariance.lower.slice(triangle(i), triangle(i + 1))
      .map((value, j) => value / factor / factors[j]!)
  );
  return { ...covariance, lower };
}

/** A rank-one term weight v v' of an update. */
export interface Term {
  /** Any finite number. */
  readonly weight: number;
  /** The vector v, length N. */
  readonly vector: readonly number[];
}

/** decay C + the sum of the terms. The eigensystem stays the old one. */
export function withTerms(
  covariance: Covariance,
  decay: number,
  terms: readonly Term[],
): Covariance {
  if (covariance.variant === "separable") {
    const variances = covariance.variances.map((variance, i) => {
      let updated = decay * variance;
      for (const { weight, vector } of terms) updated += weight * vector[i]! * vector[i]!;
      return updated;
    });
    return { ...covariance, variances };
  }
  if (terms.length === 0) {
    return { ...covariance, lower: covariance.lower.map((entry) => entry * decay) };
  }
  return { ...covariance, lower: updatedRows(covariance, decay, terms) };
}

/**
 * The same covariance with its eigensystem computed anew. Where rounding has cost it its
 * definiteness, the eigenvalues are lifted to 1e-15 times the largest.
 */
export function decomposed(covariance: Covariance): Covariance {
  if (covariance.variant === "separable") {
    const floor = covariance.variances.reduce((a, b) => Math.max(a, b)) / WORST_CONDITION;
    const variances = covariance.variances.map((variance) => Math.max(variance, floor));
    return { ...covariance, variances, lengths: variances.map(Math.sqrt) };
  }
  const n = covariance.lengths.length;
  const { values, vectors } = symmetricEigensystem(covariance.lower, n);
  const axes = Array.from(vectors, (value) => value + 0); // no -0, which JSON would lose
  const floor = values.reduce((a, b) => Math.max(a, b)) / WORST_CONDITION;
  const lifts = Array.from(values).flatMap((value, k): Term[] =>
    value >= floor ? [] : [{ weight: floor - value, vector: axes.slice(k * n, (k + 1) * n) }]
  );
  const lengths = Array.from(values, (value) => Math.sqrt(Math.max(value, floor)));
  return withTerms({ ...covariance, axes, lengths }, 1, lifts);
}

/** Where row i starts in a lower triangle that is stored by rows. */
function triangle(i: number): number {
  return i * (i + 1) / 2;
}

/** The lower triangle of decay C + the sum of the terms, row by row. */
function updatedRows(
  { lower, lengths: { length: n } }: FullCovariance,
  decay: number,
  terms: readonly Term[],
): number[] {
  const stride = padded(n);
  const vectors = stride; // after the row
  const factors = vectors + terms.length * stride;
  const memory = workspace(factors + terms.length);
  terms.forEach(({ vector }, t) => {
    for (let i = 0, at = vectors + t * stride; i < n; i++) memory[at + i] = vector[i]!;
  });
  const next = lower.slice();
  for (let i = 0; i < n; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) memory[j] = next[row + j]! * decay;
    for (let t = 0; t < terms.length; t++) {
      memory[factors + t] = terms[t]!.weight * terms[t]!.vector[i]!;
    }
    const end = 8 * (factors + terms.length);
    kernels.combine(0, 8 * padded(i + 1), 8 * vectors, 8 * stride, 8 * factors, end);
    for (let j = 0; j <= i; j++) next[row + j] = memory[j]!;
  }
  return next;
}

/** How many axes are taken at once: they stay in the cache for all vectors. */
const AXES = 16;

/** B c for each vector of coefficients c; one pass over the axes serves them all. */
function combineAxes(
  axes: readonly number[],
  coefficients: readonly (readonly number[])[],
): number[][] {
  const n = coefficients[0]!.length;
  const stride = padded(n);
  const rows = coefficients.length * stride; // after the sums
  const factors = rows + AXES * stride;
  const memory = workspace(factors + AXES);
  memory.fill(0, 0, rows);
  for (let k = 0; k < n; k += AXES) {
    const count = Math.min(AXES, n - k);
    for (let r = 0; r < count; r++) {
      const from = (k + r) * n;
      const to = rows + r * stride;
      for (let i = 0; i < n; i++) memory[to + i] = axes[from + i]!;
    }
    coefficients.forEach((vector, v) => {
      for (let r = 0; r < count; r++) memory[factors + r] = vector[k + r]!;
      const sum = 8 * v * stride;
      const end = 8 * (factors + count);
      kernels.combine(sum, sum + 8 * stride, 8 * rows, 8 * stride, 8 * factors, end);
    });
  }
  return coefficients.map((_, v) => {
    const sum: number[] = [];
    for (let i = 0, at = v * stride; i < n; i++) sum.push(memory[at + i]!);
    return sum;
  });
}
