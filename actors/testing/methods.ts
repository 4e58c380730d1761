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
  onePixelShortcut,
  type Split,
  uniformDisturbance,
} from "../../datasets/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { DisturbanceSource } from "./disturbance_source.ts";
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

/** Of the baseline with drawn pixels, where methods are given by their names. */
const UNIFORM_DRAWS = 3;

/** One-Pixel Shortcut, with a number of pixels other than 1. */
const SHORTCUT = /^ops(-[1-9]\d*)?$/;

/**
 * Methods by their names: the baselines, then `ops` and `ops-N`, then the disturbance itself, which is
 * `mddes` if a run has found it and `own` otherwise.
 *
 * @param names Default: the disturbance alone.
 * @param train What is disturbed.
 * @param seed Decides what is drawn.
 * @param option What the names are called where the user gave them.
 * @throws {ConfigurationError} If a name is none, or such a disturbance cannot be made.
 */
export function methodsOf(
  names: readonly string[] | undefined,
  { disturbance, found }: Pick<DisturbanceSource, "disturbance" | "found">,
  train: Split<"train">,
  seed: number,
  option: string,
): Method[] {
  const own = found ? "mddes" : "own";
  const asked = [...new Set(names ?? [own])];
  const shortcuts = asked.filter((name) => SHORTCUT.test(name));
  const known: readonly string[] = [...baselineNames, ...shortcuts, own];
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `Option ${option} must be a list of ${baselineNames.join(", ")}, ops, ops-N and ${own}, ` +
        `received "${unknown}"`,
    );
  }
  const { shape, mode, classes } = disturbance;
  const pixels = Math.max(1, ...classes.map((pixels) => pixels.length));
  const spec: GenomeSpec = { classes: classes.length, pixels, shape, mode };
  try {
    return [
      ...baselines(spec, seed, UNIFORM_DRAWS, asked),
      ...shortcuts.map((name) => ({
        name,
        disturbances: [onePixelShortcut(train, Number(name.slice("ops-".length) || 1))],
      })),
      ...asked.includes(own) ? [{ name: own, disturbances: [disturbance] }] : [],
    ];
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/** One trained network and its test. */
export interface MethodTest {
  /** What it was trained on, by the name that was asked for: `clean`, `uniform`, `ops`, `mddes`. */
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
