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

/** Largest error of V V' = 1 and of V' D V = A, the latter as a part of the largest entry. */
function eigenError(matrix: number[][]): number {
  const n = matrix.length;
  const { values, vectors } = symmetricEigensystem(lower(matrix), n);
  const largest = Math.max(...matrix.flat().map(Math.abs));
  let error = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0, entry = 0;
      for (let k = 0; k < n; k++) {
        dot += vectors[i * n + k]! * vectors[j * n + k]!;
        entry += values[k]! / largest * vectors[k * n + i]! * vectors[k * n + j]!;
      }
      const wrong = [dot - (i === j ? 1 : 0), largest === 0 ? 0 : entry - matrix[i]![j]! / largest];
      error = Math.max(
        error,
        ...wrong.map((value) => Number.isNaN(value) ? Infinity : Math.abs(value)),
      );
    }
  }
  return error;
}

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
  for (const bad of [NaN, Infinity, -Infinity]) {
    assertThrows(() => symmetricEigensystem([1, bad, 1], 2), RangeError, "Cannot compute");
  }
});

Deno.test("matrices of every size are decomposed as well as those of size 1", () => {
  const random = new Random(3);
  for (let power = -300; power <= 300; power += 10) {
    for (const n of [1, 2, 3, 7]) {
      const indefinite = Array.from({ length: n }, () => new Array<number>(n).fill(0));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          // some zeros, and now and then all sizes within one matrix
          const size = power % 20 === 0 ? 1 : 10 ** (-random.integer(300));
          const entry = random.uniform() < 0.2 ? 0 : random.normal() * size;
          indefinite[i]![j] = indefinite[j]![i] = entry;
        }
      }
      for (const matrix of [indefinite, randomMatrix(n, power + 1000)]) {
        const scaled = matrix.map((row) => row.map((value) => value * 10 ** power));
        const error = eigenError(scaled);
        assert(error < 1e-13, `an error of ${error} at 1e${power}: ${JSON.stringify(scaled)}`);
      }
    }
  }
});

Deno.test("a power of two changes no bit of the axes", () => {
  const matrix = randomMatrix(20, 1);
  const { values, vectors } = symmetricEigensystem(lower(matrix), 20);
  for (const power of [-900, -500, -1, 1, 500, 900]) {
    const scaled = symmetricEigensystem(lower(matrix).map((value) => value * 2 ** power), 20);
    assertEquals(scaled.vectors, vectors);
    assertEquals(scaled.values, values.map((value) => value * 2 ** power));
  }
});

Deno.test("zeros, and what is almost zero, have eigenvectors", () => {
  for (const size of [0, 1e-305, 1e-200]) {
    assert(eigenError([[0, size, 0], [size, 0, size], [0, size, 0]]) < 1e-13);
  }
  for (const size of [5e-324, 1e-310, 1e-200]) {
    assert(eigenError([[1, 0, 0], [0, 0, size], [0, size, 0]]) < 1e-13);
  }
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
