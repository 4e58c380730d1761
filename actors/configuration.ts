/**
 * The configuration of a search: every option, its range, its default and what it means, in one
 * table. The command line, its `--help`, `config.json` and {@linkcode SearchOptions} come from it.
 *
 * @module
 */
import * as v from "valibot";
import type { Backend, EngineName, RecipeOptions, RecipeWish } from "../models/mod.ts";
import { networkNames } from "../models/networks.ts";
import { optimizerNames } from "../models/optimizers.ts";
import { strategyNames } from "../strategies/mod.ts";
import { scheduleNames } from "../models/schedules.ts";

/** Thrown for a value that the user gave and that cannot be used. The message is one line. */
export class ConfigurationError extends Error {
  /** `ConfigurationError`. */
  override readonly name = "ConfigurationError";
}

/** How an option is read from a command line. */
export interface OptionInfo {
  /** `integer` and `number` are read as numbers, `list` is split at commas that no `\\` precedes. */
  readonly kind: "integer" | "number" | "choice" | "text" | "list";
  /** What a valid value is, in words: `an integer from 1 to 100`. */
  readonly expected: string;
  readonly description: string;
}

function info<T>(kind: OptionInfo["kind"], expected: string, description: string) {
  return v.metadata<T, OptionInfo & Record<string, unknown>>({ kind, expected, description });
}

/** A schema of an option that is an integer. */
export function integer(min: number, max: number, description: string) {
  const expected = `an integer from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("integer", expected, description),
  );
}

function number(min: number, max: number, description: string) {
  const expected = `a number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("number", expected, description),
  );
}

function choice<const T extends readonly string[]>(choices: T, description: string) {
  const expected = `one of ${choices.join(", ")}`;
  return v.pipe(v.picklist(choices, expected), info("choice", expected, description));
}

function list(expected: string, description: string) {
  return v.pipe(
    v.array(v.pipe(v.string(expected), v.nonEmpty(expected)), expected),
    v.minLength(1, expected),
    info("list", expected, description),
  );
}

function text(expected: string, description: string) {
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    info("text", expected, description),
  );
}

const optional = v.optional;

/** The options of any population search. */
export const populationEntries = {
  generations: optional(integer(1, 1_000_000, "updates of the search distribution"), 20),
  population: optional(
    integer(2, 100_000, "candidates in a generation; 4 + 3 ln(dimension) if left out"),
  ),
  strategy: optional(
    text(
      `one of ${strategyNames.join(", ")} or the path of a file`,
      "what learns from the results; random draws every candidate from the first distribution",
    ),
    "cma-es",
  ),
  stop: optional(
    list(
      "a list of converged, names of criteria or paths of files",
      "ends the search when one of them says so; converged is any criterion of cma-es",
    ),
  ),
  target: optional(
    number(-1e300, 1e300, "ends the search when the best fitness (or objective) is as good"),
  ),
  maxSeconds: optional(
    number(0, 1e9, "ends the search after the generation in which this time is over"),
  ),
  sigma: optional(number(1e-6, 10, "initial step size, as a share of the search box"), 0.3),
  mode: optional(
    choice(["sync", "async"], "wait for a whole generation, or update from whatever arrives"),
    "sync",
  ),
  staleness: optional(
    choice(
      ["drop", "mix", "reweight"],
      "async: what becomes of results from an older distribution",
    ),
    "mix",
  ),
  maxAge: optional(integer(0, 1000, "async, drop: the oldest distribution that still counts"), 1),
  finalists: optional(integer(1, 1000, "best candidates that are trained again at the end"), 5),
  finalistRepeats: optional(
    integer(0, 100, "fresh seeds for each of them; 0 trusts the search"),
    2,
  ),
  seed: optional(integer(0, 2 ** 32 - 1, "fixes everything that does not depend on time"), 1),
  maxAttempts: optional(integer(1, 100, "trainings of a candidate before it counts as failed"), 3),
  leaseSeconds: optional(
    integer(1, 1_000_000, "time without a sign of life before a trainer is replaced"),
    60,
  ),
};

/** How a network is trained. What is left out is as the network's paper has it. */
const recipeEntries = {
  optimizer: optional(
    choice(optimizerNames, "how the network is trained; as in its paper if left out"),
  ),
  learningRate: optional(
    number(1e-8, 10, "step length; that of the network's paper, or the optimizer's usual one"),
  ),
  weightDecay: optional(
    number(0, 1, "for sgd, momentum, nesterov, adamw; as the learning rate if left out"),
  ),
  schedule: optional(
    choice(scheduleNames, "how the learning rate changes; as in the network's paper if left out"),
  ),
  warmup: optional(
    number(0, 1000, "epochs over which the learning rate grows to its full value"),
    0,
  ),
};

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
  mismatch: optional(
    choice(
      ["clean", "gap"],
      "semantic mismatch: cross-entropy on clean images, or that less the one on disturbed images",
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
    integer(10, 1_000_000, "images of each kind that the discriminator learns from"),
    500,
  ),
  discriminatorEpochs: optional(integer(1, 1000, "passes over them"), 4),
  terms: optional(
    list(
      "a list of MODULE=WEIGHT",
      "terms of the fitness of one's own: files that export a function term(disturbance)",
    ),
  ),
  ...populationEntries,
  engine: optional(choice(["auto", "onnx", "tfjs"], "library that trains"), "auto"),
  backend: optional(
    choice(
      ["auto", "cpu", "wasm", "webgpu", "cuda", "tensorflow"],
      "what the library computes with; deno task devices lists what works here",
    ),
    "auto",
  ),
  isolation: optional(
    choice(["worker", "process"], "where a trainer runs; a process survives crashes of others"),
    "worker",
  ),
  devices: optional(
    list(
      "a list such as auto or cpu:4 or gpu:0,gpu:1",
      "one trainer for each entry; cpu:4 are four",
    ),
    ["auto"],
  ),
});

/** Every option of `deno task evaluate`. */
export const evaluateSchema = v.strictObject({
  run: text("the folder of a run", "a run whose search is done"),
  methods: optional(
    list("a list of clean, uniform, leftmost and mddes", "what to train on"),
    ["mddes"],
  ),
  trainSize: optional(integer(10, 1_000_000, "training images, stratified; all if left out")),
  network: searchSchema.entries.network,
  ...recipeEntries,
  batchSize: optional(integer(1, 4096, "images in a training step"), 128),
  epochs: optional(integer(1, 1000, "passes over the training images"), 3),
  augmentation: searchSchema.entries.augmentation,
  repeats: optional(integer(1, 1000, "networks for each disturbance, with other seeds"), 3),
  seed: searchSchema.entries.seed,
  engine: searchSchema.entries.engine,
  backend: searchSchema.entries.backend,
  devices: searchSchema.entries.devices,
});

/** Every option of `deno task report`. */
export const reportSchema = v.strictObject({
  run: list(
    "folders of runs, such as runs/a or runs/a,runs/b",
    "one run, or several to compare; a comma in a name is written \\,",
  ),
  out: optional(
    text("a path", "the page; the folder figures is beside it; RUN/report.html if left out"),
  ),
});

/** Every option of the paper's experiments: `deno task table1`, `figure2` and so on. */
export const experimentSchema = v.strictObject({
  preset: optional(
    choice(
      ["smoke", "small", "paper"],
      "how much is done: minutes, about an hour, or as the paper",
    ),
    "smoke",
  ),
  dataset: optional(
    list(
      "a list of names of datasets",
      "which images; the preset's if left out; figures take several",
    ),
  ),
  repeats: optional(
    integer(1, 1000, "searches and networks for each cell; the preset's if left out"),
  ),
  seed: searchSchema.entries.seed,
  engine: searchSchema.entries.engine,
  backend: searchSchema.entries.backend,
  devices: searchSchema.entries.devices,
  runs: optional(
    text("a path", "folder of everything that is computed; what is in it is not computed again"),
    "runs",
  ),
});

/** Every option of `deno task datasets`. */
export const datasetsSchema = v.strictObject({
  words: v.array(v.string()),
  mirror: optional(
    list("a list of addresses", "folders on servers, asked before the published ones"),
  ),
  dir: optional(
    text("a path", "where sets are kept; MDDES_DATA, or the user's cache folder, if left out"),
  ),
});

/** `--out` of the commands that begin a run. */
export const outputOption = optional(
  text("a path", "folder for the run; must not exist; runs/DATASET-TIME if left out"),
);

/** `--run` of the commands that use a run. */
export const runOption = text("the folder of a run", "a run that was begun before");

/** What any population search can be told. */
export interface PopulationSettings {
  /** Updates of the search distribution, 1 to 1,000,000. Default 20. */
  readonly generations: number;
  /** Candidates in a generation, 2 to 100,000. Default 4 + floor(3 ln N). */
  readonly population?: number | undefined;
  /**
   * What learns from the results: `cma-es`; `random`, which draws all candidates from the first
   * distribution; or the path of a module that exports a function `strategy`. Default `cma-es`.
   */
  readonly strategy: string;
  /**
   * Ends the search early: `converged` for any criterion of CMA-ES, or some by their names, or paths
   * of modules that export a function `stopper`. Default: none.
   */
  readonly stop?: readonly string[] | undefined;
  /** Ends the search at this fitness, or with `minimize` at this value. Default: none. */
  readonly target?: number | undefined;
  /** Ends the search after the generation in which this time is over. Default: none. */
  readonly maxSeconds?: number | undefined;
  /** Initial step size, positive, as a share of the search box. Default 0.3. */
  readonly sigma: number;
  /** Wait for a whole generation, or update from whatever arrives. Default `sync`. */
  readonly mode: "sync" | "async";
  /** `async`: what becomes of results from an older distribution. Default `mix`. */
  readonly staleness: "drop" | "mix" | "reweight";
  /** `async`, `drop`: the oldest distribution that still counts, 0 to 1000. Default 1. */
  readonly maxAge: number;
  /** Best candidates that are evaluated again at the end, 1 to 1000. Default 5. */
  readonly finalists: number;
  /** Fresh seeds for each of them, 0 to 100; 0 trusts the search. Default 2. */
  readonly finalistRepeats: number;
  /** Fixes everything that does not depend on time, 0 to 2^32 - 1. Default 1. */
  readonly seed: number;
  /** Tries of a candidate before it counts as failed, 1 to 100. Default 3. */
  readonly maxAttempts: number;
  /** Seconds without a sign of life before a worker is replaced. Default 60. */
  readonly leaseSeconds: number;
}

/** A checked configuration, with every default filled in: what `config.json` holds. */
export interface SearchConfiguration extends PopulationSettings, RecipeOptions {
  /** A published set, `synthetic`, or the path of a folder. Default `mnist`. */
  readonly dataset: string;
  /** Disturbed pixels for each class (N_p), 1 to 100. Default 1. */
  readonly pixels: number;
  /** What happens to a disturbed pixel. Default `add`. */
  readonly perturbation: "add" | "replace";
  /** Training images for each candidate, the same for all, stratified. Default 1000. */
  readonly trainSize: number;
  /** Name of the network that is trained, or the path or URL of its file. Default `graynet`. */
  readonly network: string;
  /** Name of the optimizer that trains it. Default: that of the network's paper. */
  readonly optimizer: string;
  /** 1e-8 to 10. Default: that of the network's paper, or the optimizer's usual one. */
  readonly learningRate: number;
  /** 0 to 1. Default: that of the network's paper, or the optimizer's usual one. */
  readonly weightDecay: number;
  /** `constant`, `step` or `cosine`. Default: that of the network's paper. */
  readonly schedule: string;
  /** Epochs over which the learning rate grows to its full value. Default 0. */
  readonly warmup: number;
  /** Images in a training step, 1 to 4096. Default 32. */
  readonly batchSize: number;
  /** Passes over the training images, 1 to 1000. Default 4. */
  readonly epochs: number;
  /** Shift, and flip where it keeps the label, the disturbed images. Default `none`. */
  readonly augmentation: "none" | "standard";
  /** Cross-entropy on clean images, or that less the one on disturbed images. Default `gap`. */
  readonly mismatch: "clean" | "gap";
  /** Weight of the semantic mismatch in the fitness, 0 to 1000; 0 leaves it out. Default 1. */
  readonly mismatchWeight: number;
  /** Weight of the domain divergence in the fitness, 0 to 1000; 0 leaves it out. Default 1. */
  readonly divergenceWeight: number;
  /** Images of each kind that the discriminator learns from. Default 500. */
  readonly discriminatorSize: number;
  /** Passes over them, 1 to 1000. Default 4. */
  readonly discriminatorEpochs: number;
  /** Terms of the fitness of one's own, `MODULE=WEIGHT`; see `Term`. Default: none. */
  readonly terms?: readonly string[] | undefined;
  /** Library that trains; `auto` takes the fastest that works on the device. Default `auto`. */
  readonly engine: EngineName | "auto";
  /** What the library computes with. Default `auto`. */
  readonly backend: Backend | "auto";
  /**
   * Where a trainer runs; a process can be killed at any time and survives others' crashes. Trainers
   * on a GPU always run in processes. Default `worker`.
   */
  readonly isolation: "worker" | "process";
  /** One trainer for each entry: `cpu`, `cpu:4`, `gpu:0`, `auto`. Default `["auto"]`. */
  readonly devices: readonly string[];
}

/** A checked configuration, before what is left out of the recipe is filled in. */
export type CheckedSearch = Omit<SearchConfiguration, keyof RecipeOptions> & RecipeWish;

/** The options of a search, all of them optional. */
export type SearchOptions = {
  readonly [Option in keyof SearchConfiguration]?: SearchConfiguration[Option] | undefined;
};

/** What is known of one option: how it is read, what is valid, and its default. */
export function describeOption(
  schema: v.GenericSchema,
): OptionInfo & { readonly default: unknown } {
  const { wrapped = schema, default: fallback } = schema as Partial<
    v.OptionalSchema<v.GenericSchema, unknown>
  >;
  return { ...(v.getMetadata(wrapped) as unknown as OptionInfo), default: fallback };
}

/**
 * Check options against a schema of this file and fill in the defaults.
 *
 * @param schema Such as {@linkcode searchSchema}.
 * @param options What the user gave.
 * @param nameOf How an option is called where the user gave it. Default: its own name.
 * @throws {ConfigurationError} For the first option that is unknown or not valid.
 */
export function checkOptions<T extends v.GenericSchema>(
  schema: T,
  options: unknown,
  nameOf: (option: string) => string = (option) => option,
): v.InferOutput<T> {
  const checked = v.safeParse(schema, options, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const key = issue.path?.filter(({ type }) => type !== "array").map(({ key }) => key).join(".");
  if (key === undefined) {
    throw new ConfigurationError(
      `Cannot read the options: expected an object, received ${issue.received}`,
    );
  }
  if (issue.type === "strict_object" && issue.expected === "never") {
    throw new ConfigurationError(`Unknown option ${nameOf(key)}`);
  }
  if (issue.input === undefined) throw new ConfigurationError(`Option ${nameOf(key)} is missing`);
  throw new ConfigurationError(
    `Option ${nameOf(key)} must be ${issue.message}, received ${JSON.stringify(issue.input)}`,
  );
}
