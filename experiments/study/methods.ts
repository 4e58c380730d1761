/**
 * The disturbances that an evolved one is compared with, and the test that they all take.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import type { SearchOptions } from "../../actors/configuration.ts";
import {
  type EvaluationJob,
  type EvaluationOptions,
  testAccuracies,
} from "../../actors/testing/evaluation.ts";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import {
  type Disturbance,
  type GenomeSpec,
  leftmostDisturbance,
  noDisturbance,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import { Progress } from "../terminal/progress.ts";
import { summaryOf } from "./statistics.ts";
import { countCell, percent } from "../../report/numbers.ts";
import { layOut } from "../terminal/table.ts";

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
        (_, draw) =>
          uniformDisturbance(deriveSeed(seed, RUN_STREAMS.uniformDisturbances, draw), spec),
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
  readonly outcome: TestOutcome;
}

/**
 * Train and test a network for each disturbance of each method, `repeats` times with other seeds.
 * The seeds are the same for all methods, so that they can be compared pair by pair. A training that
 * diverged is a result, too.
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
        seed: deriveSeed(seed, RUN_STREAMS.testedNetwork, repeat),
      }))
    )
  );
  using progress = new Progress("test", tests.length);
  const outcomes = await testAccuracies(tests, { ...options, onDone: () => progress.advance() });
  return tests.map(({ method, draw, repeat, seed }, index) => (
    { method, draw, repeat, seed, outcome: outcomes[index]! }
  ));
}

/** Clean-test accuracy of each method, in per cent: mean, deviation and range over all networks. */
export function accuracyTable(tests: readonly MethodTest[]): string {
  const methods = [...new Set(tests.map(({ method }) => method))];
  return layOut([
    ["trained on", "test accuracy %", "deviation", "lowest", "highest", "networks"],
    ...methods.map((method) => {
      const values = accuraciesOf(tests, method);
      const { whole, failed, mean, deviation } = summaryOf(values);
      const range = mean === null ? [null, null] : [Math.min(...whole), Math.max(...whole)];
      return [
        method,
        ...[mean, deviation, ...range].map((value) => value === null ? "" : percent(value)),
        `${countCell(whole.length, failed)}`,
      ];
    }),
  ]);
}

/** Clean-test accuracies of a method's networks, 0 to 1; `null` where the training failed. */
export function accuraciesOf(tests: readonly MethodTest[], method: string): (number | null)[] {
  return tests.filter((test) => test.method === method).map(({ outcome }) =>
    outcome.type === "TestScores" ? outcome.testAccuracy : null
  );
}

/** A line for each training that failed. */
export function failuresOf(tests: readonly MethodTest[]): string[] {
  return tests.flatMap(({ method, draw, repeat, outcome }) =>
    outcome.type === "TestFailed"
      ? [`${method}, draw ${draw}, repeat ${repeat} failed: ${outcome.reason}`]
      : []
  );
}

/** The tests as CSV; what failed has no numbers. */
export function testsCsv(tests: readonly MethodTest[]): string {
  return stringify(
    tests.map(({ method, draw, repeat, seed, outcome }) => ({
      method,
      draw,
      repeat,
      seed,
      ...(outcome.type === "TestScores"
        ? {
          test_accuracy: outcome.testAccuracy,
          test_loss: outcome.testLoss,
          perturbed_accuracy: outcome.perturbedAccuracy,
          engine: outcome.engine,
          status: "ok",
        }
        : { status: "failed" }),
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
        "status",
      ],
    },
  );
}
