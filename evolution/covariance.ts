import { symmetricEigensystem } from "./eigen.ts";

/** A full covariance matrix C = B D^2 B' with its (possibly slightly older) eigensystem. */
export interface FullCovariance {
  /** All N^2 covariances are learned. */
  readonly variant: "full";
  /** C, N x N, row-major. */
  readonly matrix: readonly number[];
  /** The principal axes B', N x N, row-major: row k is the unit vector of axis k. */
  readonly axes: readonly number[];
  /** The standard deviations D along the axes, length N. */
  readonly lengths: readonly number[];
}

/** A diagonal covariance matrix, for dimensions where N^2 numbers are too many. */
export interface SeparableCovariance {
  /** N variances are learned. */
  readonly variant: "separable";
  /** The diagonal of C, length N. */
  readonly variances: readonly number[];
  /** Its square roots, length N. */
  readonly lengths: readonly number[];
}

/** The shape of a search distribution; the step size scales it. */
export type Covariance = FullCovariance | SeparableCovariance;

/** A diagonal covariance with the given standard deviations. */
export function diagonalCovariance(
  variant: Covariance["variant"],
  lengths: readonly number[],
): Covariance {
  const n = lengths.length;
  if (variant === "separable") {
    return { variant, variances: lengths.map((length) => length * length), lengths: [...lengths] };
  }
  const matrix: number[] = [];
  const axes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      matrix.push(i === j ? lengths[i]! * lengths[i]! : 0);
      axes.push(i === j ? 1 : 0);
    }
  }
  return { variant, matrix, axes, lengths: [...lengths] };
}

/** B D z: a standard normal vector becomes one with covariance C. */
export function stretch(covariance: Covariance, z: readonly number[]): number[] {
  const { lengths } = covariance;
  if (covariance.variant === "separable") return z.map((value, i) => value * lengths[i]!);
  return combineAxes(covariance.axes, z.map((value, k) => value * lengths[k]!));
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
  return covariance.variant === "separable" ? white : combineAxes(covariance.axes, white);
}

/** The diagonal of C. */
export function variances(covariance: Covariance): readonly number[] {
  if (covariance.variant === "separable") return covariance.variances;
  const n = covariance.lengths.length;
  return covariance.lengths.map((_, i) => covariance.matrix[i * n + i]!);
}

/** decay C + the sum of weight v v' over the terms. The eigensystem stays the old one. */
export function withTerms<T extends Covariance>(
  covariance: T,
  decay: number,
  terms: readonly { readonly weight: number; readonly vector: readonly number[] }[],
): T {
  if (covariance.variant === "separable") {
    const updated = covariance.variances.map((value) => value * decay);
    for (const { weight, vector } of terms) {
      for (let i = 0; i < updated.length; i++) updated[i]! += weight * vector[i]! * vector[i]!;
    }
    return { ...covariance, variances: updated };
  }
  const n = covariance.lengths.length;
  const matrix = covariance.matrix.map((value) => value * decay);
  for (const { weight, vector } of terms) {
    for (let i = 0; i < n; i++) {
      const scaled = weight * vector[i]!;
      for (let j = 0, at = i * n; j <= i; j++) matrix[at + j]! += scaled * vector[j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) matrix[j * n + i] = matrix[i * n + j]!;
  }
  return { ...covariance, matrix };
}

/** The same covariance with an eigensystem computed anew. */
export function decomposed(covariance: Covariance): Covariance {
  if (covariance.variant === "separable") {
    return { ...covariance, lengths: covariance.variances.map(Math.sqrt) };
  }
  const { values, vectors } = symmetricEigensystem(covariance.matrix, covariance.lengths.length);
  return { ...covariance, axes: vectors, lengths: values.map(Math.sqrt) };
}

function combineAxes(axes: readonly number[], coefficients: readonly number[]): number[] {
  const n = coefficients.length;
  const y = new Array<number>(n).fill(0);
  for (let k = 0; k < n; k++) {
    const coefficient = coefficients[k]!;
    for (let i = 0, at = k * n; i < n; i++) y[i]! += coefficient * axes[at + i]!;
  }
  return y;
}
