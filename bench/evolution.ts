/**
 * Evaluations that CMA-ES needs to a target, next to pycma's.
 *
 *     deno run --allow-read=tests/golden bench/evolution.ts [PATTERN] > bench/results/evolution.txt
 *
 * The protocol is the one of tests/golden/pycma_evaluations.json: the mean starts uniform in
 * [-1, 3]^N (moved into the box where there is one), sigma 1, until the target or 200,000
 * evaluations, in whole generations. PATTERN is a regular expression on "function N".
 */
import { ask, createState, deriveSeed, Random, shouldStop, tell } from "../evolution/mod.ts";
import { functions } from "./evolution_functions.ts";

/** One row of the stored table. */
export interface Case {
  readonly function: string;
  readonly N: number;
  readonly target: number;
  readonly popsize: number;
  readonly bounds: readonly number[] | null;
  readonly x0_range: readonly number[];
  readonly sigma0: number;
  readonly success: string;
  readonly evaluations: readonly (number | null)[];
  readonly median: number;
}

const MAX_EVALUATIONS = 200_000;

/** Evaluations to the target, or `null` if it was not reached. */
export function evaluationsToTarget(row: Case, seed: number): number | null {
  const objective = functions[row.function]!;
  const random = new Random(deriveSeed(seed, row.N));
  const [from, to] = [row.x0_range[0]!, row.x0_range[1]!];
  const [lower, upper] = [row.bounds?.[0] ?? null, row.bounds?.[1] ?? null];
  const mean = Array.from(
    { length: row.N },
    () => Math.max(lower ?? -Infinity, from + (to - from) * random.uniform()),
  );
  let state = createState({
    mean,
    sigma: row.sigma0,
    populationSize: row.popsize,
    bounds: { lower, upper },
  });
  for (;;) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, candidates.map((one) => ({ ...one, fitness: objective(one.x) })));
    const reasons = shouldStop(state, { ftarget: row.target, maxfevals: MAX_EVALUATIONS });
    if (reasons.ftarget !== undefined) return state.evaluations;
    const { maxfevals, tolx, tolconditioncov, overflow } = reasons;
    if ([maxfevals, tolx, tolconditioncov, overflow].some((met) => met !== undefined)) return null;
  }
}

/** pycma's convention for the table: the upper median of the successful runs. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

if (import.meta.main) {
  const pattern = new RegExp(Deno.args[0] ?? "");
  const golden = new URL("../tests/golden/pycma_evaluations.json", import.meta.url);
  const { source, protocol, runs } = JSON.parse(Deno.readTextFileSync(golden)) as {
    readonly source: string;
    readonly protocol: string;
    readonly runs: readonly Case[];
  };
  console.log("deno run --allow-read=tests/golden bench/evolution.ts");
  console.log(`pycma: ${source}\nprotocol: ${protocol}\n`);
  console.log("function                     N  lambda    pycma  reached     ours  reached  ratio");
  const ratios: number[] = [];
  for (const row of runs) {
    if (!pattern.test(`${row.function} ${row.N}`)) continue;
    const counts = row.evaluations.map((_, seed) => evaluationsToTarget(row, seed));
    const reached = counts.filter((count) => count !== null);
    const median = medianOf(reached);
    ratios.push(median / row.median);
    console.log(
      row.function.padEnd(26) + String(row.N).padStart(4) + String(row.popsize).padStart(8) +
        String(row.median).padStart(9) + row.success.padStart(9) + String(median).padStart(9) +
        `${reached.length}/${counts.length}`.padStart(9) +
        (median / row.median).toFixed(3).padStart(7),
    );
  }
  console.log(
    `\nratio of the medians over ${ratios.length} cases: median ${medianOf(ratios).toFixed(3)}, ` +
      `largest ${Math.max(...ratios).toFixed(3)}`,
  );
}
