/**
 * What networks are trained on, and the test that all of them take.
 *
 * @module
 */
import {
  type Disturbance,
  type GenomeSpec,
  leftmostDisturbance,
  noDisturbance,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import { type EvaluationJob, type EvaluationOptions, testAccuracies } from "./evaluation.ts";
import type { TestOutcome } from "./evaluator.ts";

/** A way to disturb training images; a method with draws is tested on each of them. */
export interface Method {
  readonly name: string;
  readonly disturbances: readonly Disturbance[];
}

const baselineTable = {
  clean: (spec) => [noDisturbance(spec)],
  uniform: (spec, seed, draws) =>
    Array.from(
      { length: draws },
      (_, draw) =>
        uniformDisturbance(deriveSeed(seed, RUN_STREAMS.uniformDisturbances, draw), spec),
    ),
  leftmost: (spec) => [leftmostDisturbance(spec)],
} satisfies Record<string, (spec: GenomeSpec, seed: number, draws: number) => Disturbance[]>;

/** A baseline of the paper (arXiv 2003.06646, section 4). */
export type BaselineName = keyof typeof baselineTable;

/** Every baseline. */
export const baselineNames = Object.keys(baselineTable) as readonly BaselineName[];

/**
 * Baselines of the paper.
 *
 * @param draws How many uniform disturbances.
 * @param names Which ones. Default: all.
 * @throws {RangeError} If `leftmost` cannot be made for so many classes.
 */
export function baselines(
  spec: GenomeSpec,
  seed: number,
  draws: number,
  names: readonly string[] = baselineNames,
): Method[] {
  return baselineNames
    .filter((name) => names.includes(name))
    .map((name) => ({ name, disturbances: baselineTable[name](spec, seed, draws) }));
}

/** One trained network and its test. */
export interface MethodTest {
  /** What it was trained on: `clean`, `uniform`, `leftmost`, or the disturbance that was asked for. */
  readonly method: string;
  /** Which of the method's disturbances, from 0. */
  readonly draw: number;
  /** Which of the seeds that it was trained with, from 0. */
  readonly repeat: number;
  /** Decided its initial weights and the order of images. */
  readonly seed: number;
  /** Its accuracy, or why it could not be trained. */
  readonly outcome: TestOutcome;
}

/** How methods are tested. */
export interface MethodTestOptions
  extends Pick<EvaluationJob, "training" | "subset">, Omit<EvaluationOptions, "onDone"> {
  /** Called for each test, in the order in which they come. */
  readonly onTest: (test: MethodTest) => void;
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
  { training, subset, onTest, ...options }: MethodTestOptions,
): Promise<MethodTest[]> {
  const jobs = methods.flatMap(({ name, disturbances }) =>
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
  const testOf = (index: number, outcome: TestOutcome): MethodTest => {
    const { method, draw, repeat, seed } = jobs[index]!;
    return { method, draw, repeat, seed, outcome };
  };
  const outcomes = await testAccuracies(jobs, {
    ...options,
    onDone: (index, outcome) => onTest(testOf(index, outcome)),
  });
  return outcomes.map((outcome, index) => testOf(index, outcome));
}
