import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.12.1";

/** Eigenvalues and the eigenvectors that belong to them. */
export interface Eigensystem {
  /** Eigenvalues, ascending. */
  readonly values: readonly number[];
  /** Orthonormal eigenvectors, N x N row-major: row k belongs to value k. */
  readonly vectors: readonly number[];
}

/**
 * The eigensystem of a symmetric matrix.
 *
 * @param matrix N x N, row-major, symmetric and finite.
 * @param n The number of rows N.
 */
export function symmetricEigensystem(matrix: readonly number[], n: number): Eigensystem {
  const rows = Matrix.from1DArray(n, n, matrix);
  const eigen = new EigenvalueDecomposition(rows, { assumeSymmetric: true });
  return {
    values: eigen.realEigenvalues,
    vectors: eigen.eigenvectorMatrix.transpose().to1DArray(),
  };
}
