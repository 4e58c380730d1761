/**
 * `transfer`: whether a disturbance harms networks and optimizers that it was not evolved against, and
 * whether stopping early would help: the accuracy on clean test images after every epoch.
 *
 * @module
 */
import * as v from "valibot";
import { expandDevices } from "../actors/devices/devices.ts";
import { folderNeeds, networkNeeds, trainingNeeds } from "../actors/needs.ts";
import {
  disturbanceEntries,
  openDisturbance,
  requireFit,
} from "../actors/testing/disturbance_source.ts";
import { evaluationEntries } from "../actors/testing/evaluate.ts";
import { type Method, methodsOf } from "../actors/testing/methods.ts";
import {
  locationOf,
  recipeOf,
  requireTrainable,
  resultName,
  trainingOf,
} from "../actors/testing/training_options.ts";
import { commandText } from "../command_text.ts";
import { imageNeeds } from "../datasets/image_needs.ts";
import { networkNames, optimizerNames, type RecipeOptions } from "../models/mod.ts";
import { checkOptions, ConfigurationError, flagOf, list, text } from "../options.ts";
import { requirePermissions } from "../permissions.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { findingsText, writeFindings } from "./findings/findings.ts";
import { evolvedText, plural } from "./findings/settings_text.ts";
import { describeRecipe } from "./presets/training.ts";
import { setName } from "./study/experiment.ts";
import { besideDisturbance, makeFolder } from "./study/make_folder.ts";
import { Study } from "./study/study.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { transferFindings } from "./transfer/findings.ts";
import { type TransferNetwork, transferTables } from "./transfer/measurements.ts";

/** As an optimizer: what the network's own paper has. */
const RECIPE = "recipe";

/** Every option. */
const schema = v.strictObject({
  ...disturbanceEntries,
  networks: list(
    `a list of ${networkNames.join(", ")} or paths of files`,
    "networks that are trained",
  ),
  optimizers: v.optional(
    list(
      `a list of ${[RECIPE, ...optimizerNames].join(", ")}`,
      "what trains each of them; recipe is what the network's own paper has",
    ),
    [RECIPE],
  ),
  methods: v.optional(
    list(
      "a list of clean, uniform, leftmost, ops, ops-N, and mddes (own without a run)",
      "what to train on; clean images and the disturbance if left out",
    ),
  ),
  trainSize: evaluationEntries.trainSize,
  batchSize: evaluationEntries.batchSize,
  epochs: evaluationEntries.epochs,
  augmentation: evaluationEntries.augmentation,
  repeats: evaluationEntries.repeats,
  seed: evaluationEntries.seed,
  engine: evaluationEntries.engine,
  backend: evaluationEntries.backend,
  devices: evaluationEntries.devices,
  out: v.optional(
    text(
      "a path",
      "folder of the results; networks in it are not trained again; beside the disturbance if left out",
    ),
  ),
});

type Options = v.InferOutput<typeof schema>;

export const commandLine: CommandLine = {
  name: "transfer",
  summary:
    "Train networks with optimizers on images with a disturbance and on clean ones, and test them " +
    "on clean images after every epoch.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const options = checkOptions(schema, given, flagOf);
  const wanted = pairsOf(options);
  const { seed } = options;
  const source = await openDisturbance(options, flagOf);
  const { dataset } = source;
  const out = options.out ?? folderOf(options);
  requirePermissions([
    ...folderNeeds(out),
    ...trainingNeeds(expandDevices(options.devices), options),
    ...await imageNeeds(dataset),
    ...options.networks.flatMap(networkNeeds),
  ]);
  const command = commandText("transfer", args);
  using study = await Study.open({ ...options, name: "transfer", command, runs: out, signal });
  const { train, test, sha256 } = await study.data(dataset);
  requireFit(source, { train, sha256 }, flagOf);
  const pairs = await trainablePairs(wanted, { ...options, dataset }, study);
  const own = source.found ? "mddes" : "own";
  const names = options.methods ?? ["clean", own];
  const methods = methodsOf(names, source, train, seed, flagOf("methods"));
  const jobs = pairs.flatMap((pair) => jobsOf(pair, methods, { ...options, dataset }));
  await study.plan({ searches: [], networks: jobs });
  makeFolder(out);
  const images = `${train.source}, of which ${options.trainSize ?? train.count} are trained on`;
  study.print(`${images}\n${test.source}\n${plural(jobs.length, "network")}`);
  const tests = await study.test(jobs);
  study[Symbol.dispose]();
  const findings = transferFindings(tests, options.run ?? options.disturbance!, [
    ...evolvedText(source.found),
    ...settingsOf(pairs, options),
    `${images}.`,
    `${test.source}.`,
  ]);
  writeFindings(out, "transfer", findings, transferTables(tests));
  console.log(`\n${findingsText(findings)}\n\nFiles in ${out}; begin with report.html`);
}

function settingsOf(
  pairs: readonly TrainablePair[],
  { epochs, batchSize, augmentation, repeats, seed }: Options,
): string[] {
  const length = `${plural(epochs, "epoch")} of batches of ${batchSize}`;
  return [
    `${length}, augmentation ${augmentation}, ${plural(repeats, "repeat")}, seed ${seed}. The ` +
    "networks of a repeat see the same images in the same order.",
    ...pairs.map(({ network, recipe }) => `${network}: ${describeRecipe(recipe)}.`),
  ];
}

/** A network and how it is trained. */
interface Pair {
  /** Its name, or the URL of its file. */
  readonly location: string;
  readonly recipe: RecipeOptions;
}

interface TrainablePair extends Pair {
  /** What results call it. */
  readonly network: string;
}

/**
 * Every network with every optimizer, each pair once.
 *
 * @throws {ConfigurationError} If a name is none.
 */
function pairsOf({ networks, optimizers, epochs }: Options): Pair[] {
  requireKnown("optimizers", optimizers, [RECIPE, ...optimizerNames]);
  const pairs = new Map<string, Pair>();
  for (const network of networks) {
    const location = locationOf(network, flagOf("networks"));
    for (const name of optimizers) {
      const recipe = recipeOf(network, name === RECIPE ? {} : { optimizer: name }, epochs);
      pairs.set(`${location} ${recipe.optimizer}`, { location, recipe });
    }
  }
  return [...pairs.values()];
}

function requireKnown(option: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(
    `Option ${flagOf(option)} must be a list of ${known.join(", ")}, received "${unknown}"`,
  );
}

/** `runs/a/transfer`, or `mine-transfer-mnist`. */
function folderOf(options: Options): string {
  const { dataset } = options;
  const set = dataset === undefined ? "" : `-${setName(dataset)}`;
  return `${besideDisturbance(options, flagOf)}transfer${set}`;
}

/**
 * The pairs with what results call their networks.
 *
 * @throws {ConfigurationError} If a network cannot be trained on such images, or does not fit, or is
 * called as another one.
 */
async function trainablePairs(
  pairs: readonly Pair[],
  { dataset, trainSize, batchSize }: Options & { readonly dataset: string },
  study: Study,
): Promise<TrainablePair[]> {
  const { train } = await study.data(dataset);
  const named = new Map<string, string>();
  const trainable: TrainablePair[] = [];
  for (const pair of pairs) {
    const { location, recipe } = pair;
    const network = await study.network(location, dataset);
    const name = resultName(location, network);
    const other = named.get(name) ?? location;
    if (other !== location) {
      throw new ConfigurationError(
        `Option --networks: two networks are called ${name}: ${other} and ${location}`,
      );
    }
    named.set(name, location);
    try {
      requireTrainable(study.devices, network, recipe, batchSize, trainSize ?? train.count);
    } catch (error) {
      throw new ConfigurationError((error as Error).message, { cause: error });
    }
    trainable.push({ ...pair, network: name });
  }
  return trainable;
}

/** The networks of a pair: seeds and images are those of `evaluate`. */
function jobsOf(
  { location, network, recipe }: TrainablePair,
  methods: readonly Method[],
  { dataset, trainSize, repeats, seed, ...options }: Options & { readonly dataset: string },
): TransferNetwork[] {
  const { optimizer } = recipe;
  const subset = trainSize === undefined
    ? null
    : { size: trainSize, seed: deriveSeed(seed, RUN_STREAMS.trainingImages) };
  const training = trainingOf(location, dataset, { ...options, ...recipe });
  return methods.flatMap(({ name, disturbances }) =>
    disturbances.flatMap((disturbance, draw) =>
      Array.from({ length: repeats }, (_, repeat) => ({
        network,
        optimizer,
        method: name,
        draw,
        repeat,
        label: `${network}, ${optimizer} on ${name}${draw === 0 ? "" : `, draw ${draw + 1}`}, ` +
          `repeat ${repeat + 1}`,
        dataset,
        disturbance,
        training,
        subset,
        seed: deriveSeed(seed, RUN_STREAMS.testedNetwork, repeat),
        everyEpoch: true,
      }))
    )
  );
}

if (import.meta.main) await runCommand(main);
