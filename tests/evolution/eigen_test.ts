import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { symmetricEigensystem } from "../../evolution/eigen.ts";
import {
  covarianceFrom,
  matrixOf,
  standardize,
  stretch,
  whiten,
  withTerms,
} from "../../evolution/covariance.ts";
import { Random } from "../../evolution/mod.ts";

/** The lower triangle of a random positive definite matrix with a condition of 1e12 or so. */
function randomMatrix(n: number, seed: number): number[][] {
  const random = new Random(seed);
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  for (let k = 0; k < n; k++) {
    const v = Array.from({ length: n }, () => random.normal());
    const weight = 10 ** (-12 * k / n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) matrix[i]![j]! += weight * v[i]! * v[j]!;
    }
  }
  return matrix;
}

const lower = (matrix: number[][]) => matrix.flatMap((row, i) => row.slice(0, i + 1));

for (const n of [1, 2, 3, 10, 60]) {
  Deno.test(`${n} x ${n}: eigenvectors are orthonormal and rebuild the matrix`, () => {
    const matrix = randomMatrix(n, n);
    const { values, vectors } = symmetricEigensystem(lower(matrix), n);
    const scale = Math.max(...values);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0, entry = 0;
        for (let k = 0; k < n; k++) {
          dot += vectors[i * n + k]! * vectors[j * n + k]!;
          entry += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
        }
        assertAlmostEquals(dot, i === j ? 1 : 0, 1e-13);
        assertAlmostEquals(entry / scale, matrix[i]![j]! / scale, 1e-14);
      }
    }
  });
}

Deno.test("diagonal matrices and repeated eigenvalues are decomposed exactly", () => {
  const { values } = symmetricEigensystem([4, 0, 1, 0, 0, 4], 3);
  assertEquals(Array.from(values).toSorted(), [1, 4, 4]);
});

Deno.test("a matrix that is not finite is refused", () => {
  assertThrows(() => symmetricEigensystem([1, NaN, 1], 2), RangeError, "Cannot compute");
});

Deno.test("stretch, whiten and standardize undo each other", () => {
  for (const variant of ["full", "separable"] as const) {
    const covariance = covarianceFrom(variant, [[4, 1, 0], [1, 3, 0], [0, 0, 2]]);
    const z = [1, -2, 0.5];
    const [y] = stretch(covariance, [z]);
    whiten(covariance, y!).forEach((value, i) => assertAlmostEquals(value, z[i]!, 1e-14));
    const length = (v: readonly number[]) => v.reduce((sum, value) => sum + value * value, 0);
    assertAlmostEquals(length(standardize(covariance, y!)), length(z), 1e-13);
  }
});

Deno.test("terms are added to the matrix", () => {
  const covariance = covarianceFrom("full", [[2, 1], [1, 2]]);
  const updated = withTerms(covariance, 0.5, [{ weight: 3, vector: [1, 2] }]);
  assertEquals(matrixOf(updated), [[4, 6.5], [6.5, 13]]);
});

Deno.test("a matrix that lost its definiteness is repaired", () => {
  for (const variant of ["full", "separable"] as const) {
    const repaired = covarianceFrom(variant, [[1, 0, 0], [0, 2, 0], [0, 0, -1e-9]]);
    const { lengths } = repaired;
    assertAlmostEquals(Math.min(...lengths) ** 2 / 2e-15, 1, 1e-6);
    const last = matrixOf(repaired)[2]![2]!;
    assert(last > 0 && last < 1e-14, `the variance became ${last}`);
  }
});
