/**
 * Evaluations and time that a search needs to a target against the number of workers, for waiting
 * with whole generations and for the three policies of results that come late.
 *
 *     deno run bench/evolution_delays.ts [PATTERN] > bench/results/evolution_delays.csv
 *
 * The workers run on a virtual clock; an evaluation takes a time drawn uniform in [0.5, 1.5]. Medians
 * of 15 seeds; `reached` counts the runs that got to 1e-9 within 100,000 evaluations, with more than
 * 128 workers 300,000. PATTERN is a regular expression on "function,dimension,policy,workers".
 */
import {
  ask,
  type Candidate,
  createState,
  defaultPopulationSize,
  deriveSeed,
  Random,
  type Staleness,
  type State,
  tell,
  tellOne,
} from "../evolution/mod.ts";
import { functions } from "./evolution_functions.ts";

const SEEDS = 15;
const TARGET = 1e-9;
const WORKERS = [1, 4, 8, 16, 32, 64, 128];
/** Up to 128 for each candidate of a generation; of use only to those that use every result. */
const MANY_WORKERS = [512, 1280];
const CASES = [["sphere", 30], ["ellipsoid", 10], ["rosenbrock", 10], ["tablet", 30]] as const;
interface Policy {
  /** `null` waits for whole generations. */
  readonly staleness: Staleness | null;
  /** Waits for generations of as many candidates as there are workers. */
  readonly wide?: boolean;
  /** Shows the step size the candidates' steps from the mean of now: what tellOne does not do. */
  readonly fromNow?: boolean;
}

const POLICIES: Readonly<Record<string, Policy>> = {
  "wait": { staleness: null },
  "wait, wide": { staleness: null, wide: true },
  "drop": { staleness: { policy: "drop", maxAge: 3 } },
  "mix": { staleness: { policy: "mix" } },
  "reweight": { staleness: { policy: "reweight" } },
  "mix, naive": { staleness: { policy: "mix" }, fromNow: true },
};

interface Outcome {
  readonly evaluations: number;
  readonly time: number;
}

interface Setting {
  readonly objective: (x: readonly number[]) => number;
  readonly workers: number;
  readonly maxEvaluations: number;
  /** Draws candidates. */
  readonly random: Random;
  /** The time of the next evaluation. */
  readonly duration: () => number;
}

/** Whole generations: the next one starts when the last result of this one is there. */
function waiting(
  state: State,
  { objective, workers, maxEvaluations, random, duration }: Setting,
): Outcome | null {
  let time = 0;
  while (state.evaluations < maxEvaluations) {
    const [asked, candidates] = ask(state, random);
    const free = new Array<number>(workers).fill(time);
    for (let i = 0; i < candidates.length; i++) {
      const next = free.indexOf(Math.min(...free));
      free[next]! += duration();
    }
    time = Math.max(...free);
    state = tell(asked, candidates.map((one) => ({ ...one, fitness: objective(one.x) })));
    if (state.best!.fitness <= TARGET) return { evaluations: state.evaluations, time };
    if (state.overflowed || state.sigma < 1e-40) return null;
  }
  return null;
}

/** Every worker gets a new candidate, of the newest distribution, as soon as it is free. */
function streaming(
  state: State,
  { objective, workers, maxEvaluations, random, duration }: Setting,
  staleness: Staleness,
  fromNow: boolean,
): Outcome | null {
  const busy: { candidate: Candidate; until: number }[] = [];
  const start = (time: number) => {
    const [asked, [candidate]] = ask(state, random, 1);
    state = asked;
    busy.push({ candidate: candidate!, until: time + duration() });
  };
  for (let i = 0; i < workers; i++) start(0);
  while (state.evaluations < maxEvaluations) {
    const first = busy.reduce((a, b) => a.until <= b.until ? a : b);
    busy.splice(busy.indexOf(first), 1);
    const { candidate, until } = first;
    const { mean, sigma } = state;
    const step = fromNow
      ? candidate.unbounded.map((value, i) => (value - mean[i]!) / sigma)
      : candidate.step;
    const fitness = objective(candidate.x);
    state = tellOne(state, { ...candidate, step, fitness }, staleness);
    if (state.best!.fitness <= TARGET) return { evaluations: state.evaluations, time: until };
    if (state.overflowed || state.sigma < 1e-40) return null;
    start(until);
  }
  return null;
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[values.length >> 1]?.toFixed(0) ?? "";

const pattern = new RegExp(Deno.args[0] ?? "");
console.log("# deno run bench/evolution_delays.ts");
console.log("function,dimension,policy,workers,reached,evaluations,time");
for (const [objective, dimension] of CASES) {
  for (const [name, policy] of Object.entries(POLICIES)) {
    const usesAll = ["mix", "reweight"].includes(name);
    for (const workers of usesAll ? [...WORKERS, ...MANY_WORKERS] : WORKERS) {
      if (!pattern.test([objective, dimension, name, workers].join())) continue;
      const maxEvaluations = workers > 128 ? 300_000 : 100_000;
      const outcomes = Array.from({ length: SEEDS }, (_, seed) => {
        const random = new Random(deriveSeed(seed, dimension));
        const clock = new Random(deriveSeed(seed, dimension, workers));
        const mean = Array.from({ length: dimension }, () => 4 * random.uniform() - 1);
        const usual = defaultPopulationSize(dimension);
        const populationSize = policy.wide ? Math.max(usual, workers) : usual;
        const state = createState({ mean, sigma: 1, populationSize });
        const duration = () => 0.5 + clock.uniform();
        const setting = {
          objective: functions[objective]!,
          workers,
          maxEvaluations,
          random,
          duration,
        };
        return policy.staleness === null
          ? waiting(state, setting)
          : streaming(state, setting, policy.staleness, policy.fromNow ?? false);
      }).filter((outcome) => outcome !== null);
      const evaluations = median(outcomes.map((outcome) => outcome.evaluations));
      const time = median(outcomes.map((outcome) => outcome.time));
      console.log(
        [objective, dimension, `"${name}"`, workers, outcomes.length, evaluations, time].join(),
      );
    }
  }
}
