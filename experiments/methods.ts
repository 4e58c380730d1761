/**
 * The disturbances that an evolved one is compared with, and the test that they all take.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { ConfigurationError, type SearchOptions } from "../actors/configuration.ts";
import {
  type EvaluationJob,
  type EvaluationOptions,
  testAccuracies,
} from "../actors/evaluation.ts";
import type { TestScores } from "../actors/evaluator.ts";
import {
  type Disturbance,
  type GenomeSpec,
  leftmostDisturbance,
  noDisturbance,
  uniformDisturbance,
} from "../datasets/mod.ts";
import { deriveSeed } from "../random.ts";
import { Progress } from "./progress.ts";
import { meanAndDeviation } from "./statistics.ts";
import { layOut, percent } from "./table.ts";

/**
 * What is searched for, and how it differs from the preset's search: `mddes` of the paper, and what
 * it is compared with: the same budget without learning, and each term of the fitness alone.
 */
export const SEARCHED_METHODS = {
  mddes: {},
  "random-search": { strategy: "random" },
  "fm-only": { divergenceWeight: 0 },
  "fd-only": { mismatchWeight: 0 },
} as const satisfies Readonly<Record<string, SearchOptions>>;

/** A way to disturb training images; a method with draws is tested on each of them. */
export interface Method {
  readonly name: string;
  readonly disturbances: readonly Disturbance[];
}

/**
 * `clean`, `uniform` and `leftmost` of the paper (arXiv 2003.06646, section 4).
 *
 * @param draws How many uniform disturbances.
 */
export function baselines(spec: GenomeSpec, seed: number, draws: number): Method[] {
  return [
    { name: "clean", disturbances: [noDisturbance(spec)] },
    {
      name: "uniform",
      disturbances: Array.from(
        { length: draws },
        (_, draw) => uniformDisturbance(deriveSeed(seed, -5, draw), spec),
      ),
    },
    { name: "leftmost", disturbances: [leftmostDisturbance(spec)] },
  ];
}

/** One trained network and its test. */
export interface MethodTest {
  readonly method: string;
  /** Which of the method's disturbances, from 0. */
  readonly draw: number;
  /** Which of the seeds that it was trained with, from 0. */
  readonly repeat: number;
  readonly seed: number;
  readonly scores: TestScores;
}

/**
 * Train and test a network for each disturbance of each method, `repeats` times with other seeds.
 * The seeds are the same for all methods, so that they can be compared pair by pair.
 *
 * @throws {ConfigurationError} If a training diverged.
 */
export async function testMethods(
  methods: readonly Method[],
  repeats: number,
  seed: number,
  { training, subset, ...options }:
    & Pick<EvaluationJob, "training" | "subset">
    & Omit<EvaluationOptions, "onDone">,
): Promise<MethodTest[]> {
  const tests = methods.flatMap(({ name, disturbances }) =>
    disturbances.flatMap((disturbance, draw) =>
      Array.from({ length: repeats }, (_, repeat) => ({
        method: name,
        draw,
        repeat,
        disturbance,
        training,
        subset,
        seed: deriveSeed(seed, -6, repeat),
      }))
    )
  );
  using progress = new Progress("test", tests.length);
  const outcomes = await testAccuracies(tests, { ...options, onDone: () => progress.advance() });
  return tests.map(({ method, draw, repeat, seed }, index) => {
    const scores = outcomes[index]!;
    if (scores.type === "TestFailed") {
      throw new ConfigurationError(`Cannot test ${method}, draw ${draw}: ${scores.reason}`);
    }
    return { method, draw, repeat, seed, scores };
  });
}

/** Clean-test accuracy of each method, in per cent: mean, deviation and range over all networks. */
export function accuracyTable(tests: readonly MethodTest[]): string {
  const methods = [...new Set(tests.map(({ method }) => method))];
  return layOut([
    ["trained on", "test accuracy %", "deviation", "lowest", "highest", "networks"],
    ...methods.map((method) => {
      const values = accuraciesOf(tests, method);
      const { mean, deviation } = meanAndDeviation(values);
      return [
        method,
        percent(mean),
        deviation === null ? "" : percent(deviation),
        percent(Math.min(...values)),
        percent(Math.max(...values)),
        `${values.length}`,
      ];
    }),
  ]);
}

/** Clean-test accuracies of a method's networks, 0 to 1. */
export function accuraciesOf(tests: readonly MethodTest[], method: string): number[] {
  return tests.filter((test) => test.method === method).map(({ scores }) => scores.testAccuracy);
}

/** The tests as CSV. */
export function testsCsv(tests: readonly MethodTest[]): string {
  return stringify(
    tests.map(({ method, draw, repeat, seed, scores }) => ({
      method,
      draw,
      repeat,
      seed,
      test_accuracy: scores.testAccuracy,
      test_loss: scores.testLoss,
      perturbed_accuracy: scores.perturbedAccuracy,
      engine: scores.engine,
    })),
    {
      columns: [
        "method",
        "draw",
        "repeat",
        "seed",
        "test_accuracy",
        "test_loss",
        "perturbed_accuracy",
        "engine",
      ],
    },
  );
}
