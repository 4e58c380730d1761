/**
 * Which way into the box: pycma's smooth transformation, which evolution/boundaries.ts has, against
 * pycma's adaptive penalty, mirroring and clipping, which are only here.
 *
 *     deno run bench/evolution_boundaries.ts > bench/results/evolution_boundaries.txt
 *
 * Median evaluations of 15 seeds to the target; runs that reached it within 100,000.
 */
import { ask, createState, deriveSeed, diagnostics, Random, tell } from "../evolution/mod.ts";
import { functions } from "./evolution_functions.ts";

type Objective = (x: readonly number[]) => number;
type Point = readonly number[];

const SEEDS = 15;
const MAX_EVALUATIONS = 100_000;

interface Case {
  readonly objective: Objective;
  readonly lower: number;
  readonly upper: number;
  readonly target: number;
}

const weight = (i: number, n: number, power: number) => 10 ** (power * i / (n - 1));
const add = (x: Point, term: (value: number, i: number) => number) =>
  x.reduce((sum, value, i) => sum + term(value, i), 0);

const CASES: Readonly<Record<string, Case>> = {
  "sphere, corner": { objective: functions["sphere-bounded"]!, lower: 0, upper: 3, target: 1e-9 },
  "ellipsoid, sloping corner": {
    objective: functions["ellipsoid-shifted-bounded"]!,
    lower: 0,
    upper: 3,
    target: 1e-6,
  },
  "linear, corner": {
    objective: (x) => add(x, (v, i) => weight(i, x.length, 2) * (1 - v)),
    lower: 0,
    upper: 1,
    target: 1e-6,
  },
  "sphere, inside": {
    objective: (x) => add(x, (v) => (v - 0.3) ** 2),
    lower: 0,
    upper: 1,
    target: 1e-9,
  },
  "ellipsoid, half on bounds": {
    objective: (x) =>
      add(
        x,
        (v, i) => weight(i, x.length, 4) * (i % 2 === 0 ? (v - 0.4) ** 2 : (v - 1.2) ** 2 - 0.04),
      ),
    lower: 0,
    upper: 1,
    target: 1e-6,
  },
};

const clip = (x: Point, { lower, upper }: Case) =>
  x.map((v) => Math.min(upper, Math.max(lower, v)));

function mirror(x: Point, { lower, upper }: Case): number[] {
  const period = 2 * (upper - lower);
  return x.map((v) => {
    const offset = (((v - lower) % period) + period) % period;
    return lower + Math.min(offset, period - offset);
  });
}

/** pycma's BoundPenalty (Hansen et al. 2009), whose weights follow the range of the fitness. */
function createPenalty(box: Case, n: number, muEff: number, populationSize: number) {
  const ranges: number[] = [];
  let weights: number[] | null = null;
  return {
    of: (x: Point) => {
      const inside = clip(x, box);
      return add(x, (v, i) => (weights?.[i] ?? 1) * (v - inside[i]!) ** 2) / n;
    },
    update(fitness: readonly number[], mean: Point, deviations: Point, generation: number) {
      const sorted = fitness.toSorted((a, b) => a - b);
      const count = 1 + sorted.length;
      const range = sorted[Math.floor(3 * count / 4)]! - sorted[Math.floor(count / 4)]!;
      const scaled = range * n / add(deviations, (d) => d * d);
      if (scaled > 0) ranges.unshift(scaled);
      if (ranges.length > 20 + 3 * n / populationSize) ranges.pop();
      const typical = ranges.toSorted((a, b) => a - b)[ranges.length >> 1] ?? 1;
      const inside = clip(mean, box);
      const outside = mean.map((m, i) => Math.abs(m - inside[i]!) / deviations[i]!);
      if (outside.some((d) => d > 0) && (weights === null || generation === 2)) {
        weights = new Array<number>(n).fill(2 * typical);
      }
      const damping = Math.min(1, muEff / 10 / n);
      weights = weights?.map((w, i) => {
        const excess = outside[i]! - 3 * Math.max(1, Math.sqrt(n) / muEff);
        const raised = excess > 0 ? w * Math.exp(damping * Math.tanh(excess / 3) / 2) : w;
        return raised > 5 * typical ? raised * Math.exp(-damping / 3) : raised;
      }) ?? null;
    },
  };
}

function evaluations(box: Case, n: number, way: string, seed: number): number | null {
  const random = new Random(deriveSeed(seed, n));
  const width = box.upper - box.lower;
  const mean = Array.from({ length: n }, () => box.lower + width * random.uniform());
  const bounds = way === "transform" ? { bounds: { lower: box.lower, upper: box.upper } } : {};
  let state = createState({ mean, sigma: 0.3 * width, ...bounds });
  const { muEff, populationSize } = state.parameters;
  const penalty = createPenalty(box, n, muEff, populationSize);
  while (state.evaluations < MAX_EVALUATIONS) {
    const [asked, candidates] = ask(state, random);
    const fitness = candidates.map(({ x }) => {
      if (way === "transform") return box.objective(x);
      return box.objective(way === "mirror" ? mirror(x, box) : clip(x, box));
    });
    if (Math.min(...fitness) <= box.target) return state.evaluations + populationSize;
    if (way === "penalty") {
      penalty.update(fitness, state.mean, diagnostics(state).deviations, state.version);
    }
    state = tell(
      asked,
      candidates.map((one, i) => ({
        ...one,
        fitness: fitness[i]! + (way === "penalty" ? penalty.of(one.x) : 0),
      })),
    );
    if (state.overflowed || state.sigma < 1e-20 || state.sigma > 1e20) return null;
  }
  return null;
}

const WAYS = ["transform", "penalty", "mirror", "clip"];
console.log("deno run bench/evolution_boundaries.ts");
console.log("median evaluations to the target, and runs of 15 that reached it\n");
console.log("case                          N" + WAYS.map((way) => way.padStart(16)).join(""));
for (const n of [10, 30]) {
  for (const [name, box] of Object.entries(CASES)) {
    const columns = WAYS.map((way) => {
      const counts = Array.from({ length: SEEDS }, (_, seed) => evaluations(box, n, way, seed));
      const reached = counts.filter((count) => count !== null).toSorted((a, b) => a - b);
      const median = reached[reached.length >> 1] ?? "-";
      return `${median} ${reached.length}/${SEEDS}`.padStart(16);
    });
    console.log(name.padEnd(27) + String(n).padStart(4) + columns.join(""));
  }
}
