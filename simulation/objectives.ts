/**
 * What is minimised in a simulation: test functions with known difficulties, or the recorded results
 * of a run.
 *
 * @module
 */
import type { EvaluationKey } from "../actors/record/facts.ts";
import { deriveSeed, Random } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import type { Recording } from "./recording.ts";

/** The value of an evaluation, to be minimised; `null` if it fails. */
export type SimulatedObjective = (x: readonly number[], key: EvaluationKey) => number | null;

/** Functions of a point of length N; each has its minimum 0 at 0. */
const functions = {
  sphere: (z) => z.reduce((sum, value) => sum + value * value, 0),
  /** Axes of length 1 to 1000. */
  ellipsoid: (z) =>
    z.reduce(
      (sum, value, i) => sum + 10 ** (z.length === 1 ? 0 : 6 * i / (z.length - 1)) * value ** 2,
      0,
    ),
  /** About 10^N local minima. */
  rastrigin: (z) =>
    z.reduce((sum, value) => sum + 10 + value * value - 10 * Math.cos(2 * Math.PI * value), 0),
} as const satisfies Record<string, (z: readonly number[]) => number>;

type FunctionName = keyof typeof functions;

const functionNames = Object.keys(functions);

/** What an objective looks like, in words. */
export const objectiveExpected = `one of ${functionNames.join(", ")}, or recorded:RUN`;

/** What an option names as the objective. */
export type Objective =
  | { readonly kind: FunctionName }
  | { readonly kind: "recorded"; readonly run: string };

/** Read an objective; `undefined` if the text is none. */
export function parseObjective(text: string): Objective | undefined {
  if (Object.hasOwn(functions, text)) return { kind: text as FunctionName };
  const run = /^recorded:(.+)$/s.exec(text)?.[1];
  return run === undefined ? undefined : { kind: "recorded", run };
}

/** A function on the unit box, which stands for [-5, 5]; where its minimum is, the seed says. */
export function testFunction(
  name: FunctionName,
  dimension: number,
  seed: number,
): SimulatedObjective {
  const random = new Random(deriveSeed(seed, RUN_STREAMS.optimum));
  const optimum = Array.from({ length: dimension }, () => 0.1 + 0.8 * random.uniform());
  return (x) => functions[name](x.map((value, i) => 10 * (value - optimum[i]!)));
}

/** The values that a run had, wherever its points are now. */
export function recordedObjective(recording: Recording, seed: number): SimulatedObjective {
  return (_, key) => {
    const { generation, candidate, repeat } = key;
    const random = new Random(
      deriveSeed(seed, RUN_STREAMS.recordedFitness, generation, candidate, repeat),
    );
    const fitness = recording.fitness(key, random);
    return fitness === null ? null : -fitness;
  };
}
