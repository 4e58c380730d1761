/**
 * The eigendecomposition of the search next to ml-matrix, which it is there in place of.
 *
 *     deno run --no-lock bench/evolution_eigen.ts > bench/results/evolution_eigen.txt
 *
 * Random covariance matrices with eigenvalues over twelve decades. Medians of interleaved runs;
 * the error is the largest deviation of V V' from the identity.
 */
// deno-lint-ignore no-import-prefix -- the project does not depend on it
import { EigenvalueDecomposition, Matrix } from "npm:ml-matrix@6.12.1";
import { symmetricEigensystem } from "../evolution/eigen.ts";
import { Random } from "../evolution/mod.ts";

function randomMatrix(n: number): Matrix {
  const random = new Random(n);
  const factor = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) factor.set(i, k, 10 ** (-6 * k / n) * random.normal());
  }
  return factor.mmul(factor.transpose());
}

/** Largest deviation of V V' from the identity; the rows of V are eigenvectors. */
function error(vectors: Matrix): number {
  return vectors.mmul(vectors.transpose()).sub(Matrix.eye(vectors.rows)).abs().max();
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

console.log("deno run --no-lock bench/evolution_eigen.ts\n");
console.log("    N   ours, ms  ml-matrix, ms  ratio   our error  ml-matrix's");
for (const [n, runs] of [[30, 400], [100, 60], [500, 7]] as const) {
  const matrix = randomMatrix(n);
  const lower = Array.from({ length: n }, (_, i) => matrix.getRow(i).slice(0, i + 1)).flat();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    symmetricEigensystem(lower, n);
    const middle = performance.now();
    new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
    ours.push(middle - start);
    theirs.push(performance.now() - middle);
  }
  const vectors = Matrix.from1DArray(n, n, Array.from(symmetricEigensystem(lower, n).vectors));
  const reference = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  console.log(
    String(n).padStart(5) + median(ours).toFixed(2).padStart(11) +
      median(theirs).toFixed(2).padStart(15) +
      (median(ours) / median(theirs)).toFixed(2).padStart(7) +
      error(vectors).toExponential(1).padStart(12) +
      error(reference.eigenvectorMatrix.transpose()).toExponential(1).padStart(13),
  );
}
