/**
 * Networks that are trained on a disturbance and tested on clean images, as one call.
 *
 * @module
 */
import * as v from "valibot";
import { imageNeeds } from "../../datasets/image_needs.ts";
import type { Disturbance } from "../../datasets/mod.ts";
import {
  type Backend,
  type EngineName,
  loadNetwork,
  type Network,
  networkFor,
  networkNames,
  networkSha256,
  type RecipeOptions,
} from "../../models/mod.ts";
import { checkOptions, ConfigurationError, integer, list, text } from "../../options.ts";
import { type Need, requirePermissions } from "../../permissions.ts";
import { deriveSeed } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import { defenceOption, devicesOption, recipeEntries, searchSchema } from "../configuration.ts";
import { checkDevices, expandDevices } from "../devices/devices.ts";
import { networkNeeds, trainingNeeds } from "../needs.ts";
import { RunStopped } from "../population/run.ts";
import { requireSearchedNetwork } from "../record/same_run.ts";
import {
  disturbanceEntries,
  type DisturbanceSource,
  loadDisturbed,
  openDisturbance,
} from "./disturbance_source.ts";
import { methodsOf, type MethodTest, testMethods } from "./methods.ts";
import {
  defencesOf,
  locationOf,
  recipeOf,
  requireTrainable,
  resultName,
  trainingOf,
} from "./training_options.ts";

/** The options of an evaluation, apart from what is evaluated. */
export const evaluationEntries = {
  methods: v.optional(
    list(
      "a list of clean, uniform, leftmost, ops, ops-N, and mddes (own without a run)",
      "what to train on; the disturbance alone if left out",
    ),
  ),
  trainSize: v.optional(integer(10, 1_000_000, "training images, stratified; all if left out")),
  network: v.optional(
    text(
      `one of ${networkNames.join(", ")} or the path of a file`,
      "network that is trained; that of the run, or the paper's for such images, if left out",
    ),
  ),
  ...recipeEntries,
  batchSize: v.optional(integer(1, 4096, "images in a training step"), 128),
  epochs: v.optional(integer(1, 1000, "passes over the training images"), 3),
  augmentation: searchSchema.entries.augmentation,
  defence: v.optional(defenceOption()),
  repeats: v.optional(integer(1, 1000, "networks for each disturbance, with other seeds"), 3),
  seed: searchSchema.entries.seed,
  engine: searchSchema.entries.engine,
  backend: searchSchema.entries.backend,
  devices: devicesOption(),
};

const { run, dataset } = disturbanceEntries;
const schema = v.strictObject({ run, dataset, ...evaluationEntries });

/** Checked options of an evaluation, with the defaults filled in. */
type CheckedEvaluation = Omit<v.InferOutput<typeof schema>, "run">;

/** What {@linkcode evaluate} trains and tests, and how. */
export interface EvaluateOptions {
  /** The folder of a search that is done: its best disturbance is evaluated. Or `disturbance`. */
  readonly run?: string | undefined;
  /** A disturbance of any origin, for the images of `dataset`. Or `run`. */
  readonly disturbance?: Disturbance | undefined;
  /**
   * What to train on: `mddes` is the disturbance of a run, and `own` the one that was given; `clean`,
   * `uniform` (three draws) and `leftmost` are the baselines of the paper; `ops` is One-Pixel Shortcut,
   * and `ops-N` the same with N pixels for each class. Default: the disturbance.
   */
  readonly methods?: readonly string[] | undefined;
  /** Training images, stratified, 10 to 1,000,000. Default: all. */
  readonly trainSize?: number | undefined;
  /** A published set, `synthetic`, or the path of a folder. Default: that of the run. */
  readonly dataset?: string | undefined;
  /**
   * Name of the network, or the path or URL of its file. Default: that of the run, or else the paper's
   * for grey or coloured images.
   */
  readonly network?: string | undefined;
  /** What trains it. Default: that of the network's paper. */
  readonly optimizer?: string | undefined;
  /** Step length, 1e-8 to 10. Default: that of the network's paper, or the optimizer's usual one. */
  readonly learningRate?: number | undefined;
  /** 0 to 1. Default: that of the network's paper, or the optimizer's usual one. */
  readonly weightDecay?: number | undefined;
  /** How the learning rate changes. Default: that of the network's paper. */
  readonly schedule?: string | undefined;
  /** Epochs over which the learning rate grows to its full value, 0 to 1000. Default 0. */
  readonly warmup?: number | undefined;
  /** Images in a training step, 1 to 4096. Default 128. */
  readonly batchSize?: number | undefined;
  /** Passes over the training images, 1 to 1000. Default 3. */
  readonly epochs?: number | undefined;
  /** Shift, and flip where it keeps the label, the disturbed images. Default `none`. */
  readonly augmentation?: "none" | "standard" | undefined;
  /** What else whoever trains does to the disturbed images, one after the other. Default: nothing. */
  readonly defence?: readonly string[] | undefined;
  /** Networks for each disturbance, with other seeds, 1 to 1000. Default 3. */
  readonly repeats?: number | undefined;
  /** Fixes everything that does not depend on time, 0 to 2^32 - 1. Default 1. */
  readonly seed?: number | undefined;
  /** Library that trains. Default `auto`. */
  readonly engine?: EngineName | "auto" | undefined;
  /** What the library computes with. Default `auto`. */
  readonly backend?: Backend | "auto" | undefined;
  /** One trainer for each entry: `cpu`, `cpu:4`, `gpu:0`, `auto`. Default `["auto"]`. */
  readonly devices?: readonly string[] | undefined;
  /** Stops the evaluation, which then rejects with {@linkcode RunStopped}. */
  readonly signal?: AbortSignal | undefined;
  /** Told what happens on the way. Default: nobody. */
  readonly onEvent?: ((event: EvaluationEvent) => void) | undefined;
}

/** What is trained and tested, when everything was checked. */
export interface EvaluationPlan {
  /** The set of images, or the path of its folder. */
  readonly dataset: string;
  /** The winner of the run, whose disturbance is tested; `undefined` for one of the user's own. */
  readonly winner: { readonly generation: number; readonly candidate: number } | undefined;
  /** Whether these are the images that the disturbance was searched with. */
  readonly areSearched: boolean;
  /** Which training images are used, in words. */
  readonly train: string;
  /** Training images of each network. */
  readonly trainSize: number;
  /** Which test images are used, in words. */
  readonly test: string;
  /**
   * The network's name for itself; of one in a file that is called as a known one, with part of its
   * SHA-256.
   */
  readonly network: string;
  /** How it is trained. */
  readonly recipe: RecipeOptions;
  /** Networks in all. */
  readonly networks: number;
}

/** What an evaluation tells on the way. */
export type EvaluationEvent =
  /** What a person should know of the images, such as files that are not read. */
  | { readonly type: "remark"; readonly text: string }
  /** Everything was checked; training begins. */
  | ({ readonly type: "started" } & EvaluationPlan)
  /** A network was trained and tested, or could not be trained. */
  | ({ readonly type: "tested" } & MethodTest);

/** What {@linkcode evaluate} gives. */
export interface EvaluationResult extends EvaluationPlan {
  /** Every network, in the order of methods, draws and repeats. */
  readonly tests: readonly MethodTest[];
}

/**
 * Train networks on images with a disturbance, and test them on clean ones: what the command `evaluate`
 * does. Nothing is written.
 *
 * @throws {ConfigurationError} For options, a run, images or devices that cannot be used, before
 * anything is trained.
 * @throws {RunStopped} If the signal was aborted.
 *
 * @example A disturbance of one's own, next to clean images
 * ```ts
 * import { evaluate } from "@mddes/mddes";
 * import { leftmostDisturbance } from "@mddes/mddes/datasets";
 *
 * const { tests } = await evaluate({
 *   // Or `run: "runs/a"`, the folder of a search that is done.
 *   disturbance: leftmostDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] }),
 *   methods: ["clean", "own"],
 *   dataset: "synthetic",
 *   trainSize: 200,
 *   repeats: 1,
 * });
 * for (const { method, outcome } of tests) {
 *   if (outcome.type === "TestScores") console.log(method, outcome.testAccuracy);
 * }
 * ```
 */
export async function evaluate(options: EvaluateOptions): Promise<EvaluationResult> {
  const { signal, onEvent = () => {}, disturbance, ...rest } = options;
  const { run, ...checked } = checkOptions(schema, rest);
  const { dataset } = checked;
  const open = () => openDisturbance({ run, disturbance, dataset }, (option) => option);
  return await evaluateChecked(checked, open, { signal, onEvent });
}

/** How an evaluation is watched and stopped, and how its options are called where they were given. */
export interface EvaluationContext {
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: EvaluationEvent) => void;
  /** Default: by their own names. */
  readonly nameOf?: (option: string) => string;
  /** What else Deno must allow. Default: nothing. */
  readonly needs?: readonly Need[];
}

/**
 * As {@linkcode evaluate}, for options that were checked where they were given.
 *
 * @param open Reads what is evaluated, when it is known that networks can be trained.
 */
export async function evaluateChecked(
  options: CheckedEvaluation,
  open: () => Promise<DisturbanceSource>,
  { signal, onEvent, nameOf = (option) => option, needs = [] }: EvaluationContext,
): Promise<EvaluationResult> {
  const { repeats, seed, epochs, batchSize, engine, backend } = options;
  const devices = expandDevices(options.devices);
  requirePermissions([
    ...needs,
    ...trainingNeeds(devices, options),
    ...networkNeeds(options.network),
  ]);
  const source = await open();
  const { disturbance, found, dataset } = source;
  const networkName = options.network ?? found?.configuration.network ??
    networkFor(disturbance.shape);
  const location = locationOf(networkName, nameOf("network"));
  const recipe = recipeOf(networkName, options, epochs);
  requirePermissions([...await imageNeeds(dataset), ...networkNeeds(networkName)]);
  await checkDevices(devices, options);
  const { train, test, remarks, areSearched } = await loadDisturbed(source, nameOf);
  for (const text of remarks) onEvent({ type: "remark", text });
  const size = options.trainSize ?? train.count;
  if (size > train.count) {
    throw new ConfigurationError(
      `Option ${nameOf("trainSize")} must be at most the ${train.count} images of ${dataset}, ` +
        `received ${size}`,
    );
  }
  const methods = methodsOf(options.methods, source, train, seed, nameOf("methods"));
  const defence = defencesOf(options, train.shape, nameOf("defence"));
  let network: Network;
  try {
    network = await loadNetwork(location, train.shape, train.classNames.length, { signal });
    if (found && options.network === undefined) {
      requireSearchedNetwork(found.journal, networkSha256(network), found.directory);
    }
    requireTrainable(devices, network, recipe, batchSize, size);
  } catch (error) {
    if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
    throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
  const plan: EvaluationPlan = {
    dataset: train.dataset,
    winner: found && { generation: found.best.generation, candidate: found.best.candidate },
    areSearched,
    train: train.source,
    trainSize: size,
    test: test.source,
    network: resultName(location, network),
    recipe,
    networks: repeats * methods.reduce((sum, { disturbances }) => sum + disturbances.length, 0),
  };
  onEvent({ type: "started", ...plan });
  const tests = await testMethods(methods, repeats, seed, {
    devices,
    train,
    test,
    networks: new Map([[location, network]]),
    training: trainingOf(location, train.dataset, { ...options, ...recipe, defence }),
    subset: options.trainSize === undefined
      ? null
      : { size, seed: deriveSeed(seed, RUN_STREAMS.trainingImages) },
    engine,
    backend,
    signal,
    onTest: (test) => onEvent({ type: "tested", ...test }),
  });
  return { ...plan, tests };
}
