/**
 * The options of searches: each with its range, its default and what it means, in one table. The
 * command line, its `--help`, configuration files and what calls take are checked against it. The
 * interfaces below say the same to editors and to the documentation, which show comments of interfaces
 * alone; `tests/actors/configuration_test.ts` fails where they say something else.
 *
 * @module
 */
import * as v from "valibot";
import { defenceNames } from "../datasets/defences/defences.ts";
import type { Backend, EngineName, RecipeOptions, RecipeWish } from "../models/mod.ts";
import { networkNames } from "../models/networks.ts";
import { optimizerNames } from "../models/optimizers.ts";
import { strategyNames } from "../strategies/mod.ts";
import { scheduleNames } from "../models/schedules.ts";
import { ABOVE_0, choice, integer, list, number, type OptionTraits, text } from "../options.ts";

const { optional } = v;

/** The options of any population search. */
export const populationEntries = {
  generations: optional(
    integer(1, 1_000_000, "updates of the search distribution", { decides: "length" }),
    20,
  ),
  population: optional(
    integer(2, 100_000, "candidates in a generation; 4 + 3 ln(dimension) if left out"),
  ),
  strategy: optional(
    text(
      `one of ${strategyNames.join(", ")} or the path of a file`,
      "what learns: one CMA-ES, one for each class, or nothing: random draws from the first distribution",
    ),
    "cma-es",
  ),
  restarts: optional(
    choice(
      ["ipop", "bipop"],
      "starts again elsewhere after convergence, with doubled populations (and small ones: bipop)",
      { needs: { mode: "sync", strategy: "cma-es" } },
    ),
  ),
  stop: optional(
    list(
      "a list of converged, names of criteria or paths of files",
      "ends the search when one of them says so; converged is any criterion of cma-es",
      { decides: "length" },
    ),
  ),
  target: optional(
    number(-1e300, 1e300, "ends the search when the best fitness (or objective) is as good", {
      decides: "length",
    }),
  ),
  maxSeconds: optional(
    number(0, 1e9, "ends the search after the generation in which these seconds are over", {
      decides: "length",
    }),
  ),
  sigma: optional(number(1e-6, 10, "initial step size, as a share of the search box"), 0.3),
  mode: optional(
    choice(["sync", "async"], "wait for a whole generation, or update from whatever arrives"),
    "sync",
  ),
  staleness: optional(
    choice(
      ["drop", "mix", "reweight"],
      "what becomes of results from an older distribution",
      { needs: { mode: "async" } },
    ),
    "mix",
  ),
  maxAge: optional(
    integer(0, 1000, "updates by which a distribution may be older for its results to count", {
      needs: { staleness: "drop", mode: "async" },
    }),
    1,
  ),
  finalists: optional(integer(1, 1000, "best candidates that are trained again at the end"), 5),
  finalistRepeats: optional(
    integer(0, 100, "fresh seeds for each of them; 0 trusts the search"),
    2,
  ),
  pruner: optional(
    text(
      "median or the path of a file",
      "ends candidates early: those below the median, or what a file exports as pruner",
    ),
  ),
  seed: optional(integer(0, 2 ** 32 - 1, "fixes everything that does not depend on time"), 1),
  // Without a default here: runs that were begun before there was a choice do not write it down.
  seeds: optional(
    choice(
      ["own", "common"],
      "a seed for each candidate, or one for all of a generation; own if left out",
    ),
  ),
  maxAttempts: optional(
    integer(1, 100, "trainings of a candidate before it counts as failed", { decides: "nothing" }),
    3,
  ),
  leaseSeconds: optional(
    integer(1, 1_000_000, "time without a sign of life before a trainer is replaced", {
      decides: "nothing",
    }),
    60,
  ),
};

/** How a network is trained. What is left out is as the network's paper has it. */
export const recipeEntries = {
  optimizer: optional(
    choice(optimizerNames, "how the network is trained; as in its paper if left out", {
      settled: true,
    }),
  ),
  learningRate: optional(
    number(1e-8, 10, "step length; that of the network's paper, or the optimizer's usual one", {
      settled: true,
    }),
  ),
  weightDecay: optional(
    number(0, 1, "for sgd, momentum, nesterov, adamw; as the learning rate if left out", {
      settled: true,
    }),
  ),
  schedule: optional(
    choice(scheduleNames, "how the learning rate changes; as in the network's paper if left out", {
      settled: true,
    }),
  ),
  warmup: optional(
    number(0, 1000, "epochs over which the learning rate grows to its full value"),
    0,
  ),
};

const runOrStart = "the path of a run, or what config.json of a search has in its place";

const warmStartOption = optional(
  v.pipe(
    v.union([
      v.pipe(v.string(), v.nonEmpty(runOrStart)),
      v.strictObject({ run: v.string(), mean: v.pipe(v.array(v.number()), v.readonly()) }),
    ], runOrStart),
    v.metadata({
      kind: "text",
      expected: "the path of a run",
      description: "begins where another search ended, of the same classes, channels and pixels",
    }),
  ),
);

const isolationOption = optional(
  choice(["worker", "process"], "where a trainer runs; a process survives crashes of others", {
    decides: "nothing",
  }),
  "worker",
);

/**
 * `devices` of whatever trains networks.
 *
 * @param more What else there can be. Default: nothing.
 */
export function devicesOption(more = "") {
  return optional(
    list(
      "a list such as auto or cpu:4 or gpu:0,gpu:1",
      `one trainer for each entry; cpu:4 are four${more}`,
      { decides: "nothing" },
    ),
    ["auto"],
  );
}

/** `defence` of whatever trains networks. */
export function defenceOption(traits: OptionTraits = {}) {
  return list(
    `a list of ${defenceNames.join(", ")}`,
    "what whoever trains does to the disturbed images, in this order; nothing if left out",
    traits,
  );
}

/**
 * Every option of a search. Those that are left out take the default that stands here.
 */
export const searchSchema = v.strictObject({
  dataset: optional(
    text("the name of a dataset or the path of a folder", "which images to disturb"),
    "mnist",
  ),
  pixels: optional(integer(1, 100, "disturbed pixels for each class (N_p)"), 1),
  perturbation: optional(
    choice(["add", "replace"], "add the value to the pixel, or put it in the pixel's place"),
    "add",
  ),
  trainSize: optional(
    integer(10, 1_000_000, "training images for each candidate, the same for all, stratified"),
    1000,
  ),
  network: optional(
    text(
      `one of ${networkNames.join(", ")} or the path of a file`,
      "network that is trained",
    ),
    "graynet",
  ),
  ...recipeEntries,
  batchSize: optional(integer(1, 4096, "images in a training step"), 32),
  epochs: optional(integer(1, 1000, "passes over the training images"), 4),
  augmentation: optional(
    choice(["none", "standard"], "shift (and flip, where it keeps the label) the disturbed images"),
    "none",
  ),
  defence: optional(defenceOption({ needs: { mismatchWeight: ABOVE_0 } })),
  mismatch: optional(
    choice(
      ["clean", "gap"],
      "semantic mismatch: cross-entropy on clean images, or that less the one on disturbed images",
      { needs: { mismatchWeight: ABOVE_0 } },
    ),
    "gap",
  ),
  mismatchWeight: optional(
    number(
      0,
      1000,
      "weight of the semantic mismatch in the fitness; with 0 no network is trained for it",
    ),
    1,
  ),
  divergenceWeight: optional(
    number(
      0,
      1000,
      "weight of the domain divergence in the fitness; with 0 no discriminator is trained",
    ),
    1,
  ),
  discriminatorSize: optional(
    integer(10, 1_000_000, "images of each kind that the discriminator learns from", {
      needs: { divergenceWeight: ABOVE_0 },
    }),
    500,
  ),
  discriminatorEpochs: optional(
    integer(1, 1000, "passes over them", { needs: { divergenceWeight: ABOVE_0 } }),
    4,
  ),
  terms: optional(
    list(
      "a list of MODULE=WEIGHT",
      "terms of the fitness of one's own: files that export a function term(disturbance)",
    ),
  ),
  ...populationEntries,
  warmStart: warmStartOption,
  engine: optional(choice(["auto", "onnx", "tfjs"], "library that trains"), "auto"),
  backend: optional(
    choice(
      ["auto", "cpu", "wasm", "webgpu", "cuda", "tensorflow"],
      "what the library computes with; the command devices lists what works here",
    ),
    "auto",
  ),
  isolation: isolationOption,
  devices: devicesOption("; none: only workers on other hosts train"),
});

const point = "a list of at least one finite number";
const bound = "a finite number, or a list of one number or null for each coordinate";
const finite = v.pipe(v.number(bound), v.finite(bound));

/** Of all coordinates, or of each. */
const bounds = v.nullable(
  v.union([finite, v.pipe(v.array(v.nullable(finite), bound), v.readonly())], bound),
);

/** `workers` of `minimize`. */
export const workersOption = integer(0, 10_000, "minimize: evaluations at the same time here", {
  decides: "nothing",
  settled: true,
});

/** What `config.json` of a run of `minimize` holds. */
export const minimizeSchema = v.strictObject({
  ...populationEntries,
  // mddes 0.1.0 did not write down the evaluator and the workers.
  evaluator: optional(
    v.pipe(v.string("a URL"), v.url("a URL"), v.metadata({ settled: true })),
  ),
  workers: optional(workersOption),
  isolation: isolationOption,
  mean: v.pipe(
    v.array(v.pipe(v.number(point), v.finite(point)), point),
    v.minLength(1, point),
    v.readonly(),
  ),
  lower: bounds,
  upper: bounds,
});

/** What any population search can be told. */
export interface PopulationSettings {
  /** Updates of the search distribution, 1 to 1,000,000. Default 20. */
  readonly generations: number;
  /** Candidates in a generation, 2 to 100,000. Default 4 + floor(3 ln N). */
  readonly population?: number | undefined;
  /**
   * What learns from the results: `cma-es`; `class-wise`, one CMA-ES for each class, only with
   * `search`; `random`, which draws all candidates from the first distribution; or the path of a module
   * that exports a function `strategy`. Default `cma-es`.
   */
  readonly strategy: string;
  /**
   * Starts CMA-ES again elsewhere where it has converged: `ipop` with twice the population each time,
   * `bipop` also with small ones. Only with mode `sync` and strategy `cma-es`. Default: none.
   */
  readonly restarts?: "ipop" | "bipop" | undefined;
  /**
   * Ends the search early: `converged` for any criterion of CMA-ES, or some by their names, or paths
   * of modules that export a function `stopper`. Default: none.
   */
  readonly stop?: readonly string[] | undefined;
  /** Ends the search at this fitness, or with `minimize` at this value, -1e+300 to 1e+300. Default: none. */
  readonly target?: number | undefined;
  /** Ends the search after the generation in which these seconds are over, 0 to 1,000,000,000. Default: none. */
  readonly maxSeconds?: number | undefined;
  /**
   * Initial step size, 0.000001 to 10: about a third of how far the best may be from the start. With
   * `search` a share of the search box, with `minimize` in the units of `mean`. Default 0.3.
   */
  readonly sigma: number;
  /** Wait for a whole generation, or update from whatever arrives. Default `sync`. */
  readonly mode: "sync" | "async";
  /**
   * What becomes of results from an older distribution. Only with mode `async`. Default `mix`.
   */
  readonly staleness: "drop" | "mix" | "reweight";
  /**
   * Updates by which a distribution may be older for its results to count, 0 to 1000. Only with
   * staleness `drop` and mode `async`. Default 1.
   */
  readonly maxAge: number;
  /** Best candidates that are evaluated again at the end, 1 to 1000. Default 5. */
  readonly finalists: number;
  /** Fresh seeds for each of them, 0 to 100; 0 trusts the search. Default 2. */
  readonly finalistRepeats: number;
  /** Ends candidates early: `median`, or the path of a module; see `Pruner`. Default: none. */
  readonly pruner?: string | undefined;
  /** Fixes everything that does not depend on time, 0 to 2^32 - 1. Default 1. */
  readonly seed: number;
  /**
   * What evaluations draw, such as first weights and the order of images: each candidate its own, or
   * all of a generation the same (common random numbers), so that they differ by what they are alone.
   * Finalists' repeats have seeds of their own. Default `own`.
   */
  readonly seeds?: "own" | "common" | undefined;
  /** Tries of a candidate before it counts as failed, 1 to 100. Default 3. */
  readonly maxAttempts: number;
  /** Seconds without a sign of life before a worker is replaced, 1 to 1,000,000. Default 60. */
  readonly leaseSeconds: number;
}

/** Where another search ended, as a search that begins there has it in its `config.json`. */
export interface WarmStart {
  /** The folder of the other run. */
  readonly run: string;
  /** The first mean, a point of the search box [0, 1]^N. */
  readonly mean: readonly number[];
}

/** A checked configuration, with every default filled in: what `config.json` holds. */
export interface SearchConfiguration extends PopulationSettings, RecipeOptions {
  /** A published set such as `cifar10`, `synthetic`, or the path of a folder. Default `mnist`. */
  readonly dataset: string;
  /** Disturbed pixels for each class (N_p), 1 to 100. Default 1. */
  readonly pixels: number;
  /** Add the value to the pixel, or put it in the pixel's place. Default `add`. */
  readonly perturbation: "add" | "replace";
  /**
   * Training images for each candidate, the same for all, stratified, 10 to 1,000,000. Default 1000.
   */
  readonly trainSize: number;
  /**
   * The network that is trained: `graynet`, `colornet`, `resnet18`, `resnet20`, `resnet32`,
   * `densenet40`, for two classes `discriminator`, or the path or URL of a file. Default `graynet`.
   */
  readonly network: string;
  /**
   * What trains it: `sgd`, `momentum`, `nesterov`, `adam`, `adamw`, `rmsprop` or `adabound`. Default:
   * that of the network's paper.
   */
  readonly optimizer: string;
  /** Step length, 1e-8 to 10. Default: that of the network's paper, or the optimizer's usual one. */
  readonly learningRate: number;
  /**
   * Share of the weight that each step takes off, 0 to 1, for `sgd`, `momentum`, `nesterov` and
   * `adamw`. Default: that of the network's paper, or the optimizer's usual one.
   */
  readonly weightDecay: number;
  /** How the learning rate changes: `constant`, `step` or `cosine`. Default: that of the network's paper. */
  readonly schedule: string;
  /** Epochs over which the learning rate grows to its full value, 0 to 1000. Default 0. */
  readonly warmup: number;
  /** Images in a training step, 1 to 4096. Default 32. */
  readonly batchSize: number;
  /** Passes over the training images, 1 to 1000. Default 4. */
  readonly epochs: number;
  /** Shift, and flip where it keeps the label, the disturbed images. Default `none`. */
  readonly augmentation: "none" | "standard";
  /**
   * What whoever trains does to the disturbed images, one after the other: `standard`, `cutout`,
   * `cutmix`, `mixup`, `gaussian`, `median`, `bit-depth`, `gray`, `jpeg`, `adversarial`. Only with
   * mismatchWeight above 0. Default: none.
   */
  readonly defence?: readonly string[] | undefined;
  /**
   * Semantic mismatch: cross-entropy on clean images, or that less the one on disturbed images. Only
   * with mismatchWeight above 0. Default `gap`.
   */
  readonly mismatch: "clean" | "gap";
  /** Weight of the semantic mismatch in the fitness, 0 to 1000; 0 leaves it out. Default 1. */
  readonly mismatchWeight: number;
  /** Weight of the domain divergence in the fitness, 0 to 1000; 0 leaves it out. Default 1. */
  readonly divergenceWeight: number;
  /**
   * Images of each kind that the discriminator learns from, 10 to 1,000,000. Only with
   * divergenceWeight above 0. Default 500.
   */
  readonly discriminatorSize: number;
  /** Passes over them, 1 to 1000. Only with divergenceWeight above 0. Default 4. */
  readonly discriminatorEpochs: number;
  /** Terms of the fitness of one's own, `MODULE=WEIGHT`; see `Term`. Default: none. */
  readonly terms?: readonly string[] | undefined;
  /**
   * Begins where another search ended: the path of its run, which must have the same number of classes
   * and channels, and the same pixels and perturbation. A run writes down the mean that it found there,
   * and does not need the other one any more. Default: the middle of the image, and bright pixels.
   */
  readonly warmStart?: string | WarmStart | undefined;
  /**
   * Library that trains, `onnx` or `tfjs`; `auto` takes the fastest that works on the device. Default
   * `auto`.
   */
  readonly engine: EngineName | "auto";
  /**
   * What the library computes with: `cpu`, `wasm`, `webgpu`, `cuda` or `tensorflow`; `auto` takes the
   * fastest that works on the device. Default `auto`.
   */
  readonly backend: Backend | "auto";
  /**
   * Where a trainer runs; a process can be killed at any time and survives others' crashes. Trainers
   * on a GPU, and those of engine `tfjs`, always run in processes. Default `worker`.
   */
  readonly isolation: "worker" | "process";
  /**
   * One trainer for each entry: `cpu`, `cpu:4`, `gpu:0`, `auto`; `none` alone leaves all to workers on
   * other hosts. Default `["auto"]`.
   */
  readonly devices: readonly string[];
}

/** A checked configuration of `minimize`, with every default filled in: what `config.json` holds. */
export interface MinimizeConfiguration extends PopulationSettings {
  /** URL of the module; mddes 0.1.0 did not write it down. */
  readonly evaluator?: string | undefined;
  /** Evaluations at the same time; mddes 0.1.0 did not write it down. */
  readonly workers?: number | undefined;
  /** Where the objective runs. */
  readonly isolation: "worker" | "process";
  /** Start of the search, length N, within the bounds. */
  readonly mean: readonly number[];
  /** Lower bound of all coordinates, or of each; `null` for none. */
  readonly lower: number | readonly (number | null)[] | null;
  /** Upper bound, as `lower`. */
  readonly upper: number | readonly (number | null)[] | null;
}

/** A checked configuration, before what is left out of the recipe is filled in. */
export type CheckedSearch =
  & Omit<SearchConfiguration, Exclude<keyof RecipeOptions, "warmup">>
  & Omit<RecipeWish, "warmup">;

/** The options of a search, all of them optional: those of {@linkcode SearchConfiguration}. */
export type SearchOptions = {
  readonly [Option in keyof SearchConfiguration]?: SearchConfiguration[Option] | undefined;
};
