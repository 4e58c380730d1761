/**
 * `deno task evaluate`: train on images with the best disturbance of a run, and test on clean ones.
 *
 * @module
 */
import * as v from "valibot";
import { recipeEntries, searchSchema } from "../actors/configuration.ts";
import { checkDevices, checkFit, expandDevices } from "../actors/devices/devices.ts";
import { RunStopped } from "../actors/population/run.ts";
import { commandText } from "../actors/record/command_text.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readBest, readConfiguration } from "../actors/record/run_directory.ts";
import { requireSearchedImages, requireSearchedNetwork } from "../actors/record/same_run.ts";
import type { Disturbance, GenomeSpec, Split } from "../datasets/mod.ts";
import {
  compileRecipe,
  loadNetwork,
  locateNetwork,
  type Network,
  networkNames,
  networkSha256,
} from "../models/mod.ts";
import { checkOptions, ConfigurationError, integer, list, text } from "../options.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { requireWholeBatch } from "../training/training.ts";
import { configOption, withConfigurationFile } from "./terminal/configuration_file.ts";
import { describeRecipe, recipeOf, trainingOf } from "./presets/training.ts";
import { loadData } from "./study/data.ts";
import { setName } from "./study/experiment.ts";
import { accuracyTable, baselines, failuresOf, testMethods, testsCsv } from "./study/methods.ts";
import { onStop, readCommandLine, runCommand } from "./terminal/command.ts";

/** Every option of `deno task evaluate`. */
const schema = v.strictObject({
  run: text("the folder of a run", "a run whose search is done"),
  methods: v.optional(
    list("a list of clean, uniform, leftmost and mddes", "what to train on"),
    ["mddes"],
  ),
  trainSize: v.optional(integer(10, 1_000_000, "training images, stratified; all if left out")),
  dataset: v.optional(
    text(
      "the name of a dataset or the path of a folder",
      "which images to train and test on; those of the run if left out",
    ),
  ),
  network: v.optional(
    text(
      `one of ${networkNames.join(", ")} or the path of a file`,
      "network that is trained; that of the run if left out",
    ),
  ),
  ...recipeEntries,
  batchSize: v.optional(integer(1, 4096, "images in a training step"), 128),
  epochs: v.optional(integer(1, 1000, "passes over the training images"), 3),
  augmentation: searchSchema.entries.augmentation,
  repeats: v.optional(integer(1, 1000, "networks for each disturbance, with other seeds"), 3),
  seed: searchSchema.entries.seed,
  engine: searchSchema.entries.engine,
  backend: searchSchema.entries.backend,
  devices: searchSchema.entries.devices,
});

/** What a configuration file may say of the search, which is over. */
const OF_SEARCHES_ALONE = Object.fromEntries(
  Object.entries(searchSchema.entries).filter(([option]) => !Object.hasOwn(schema.entries, option)),
);

const UNIFORM_DRAWS = 3;

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "evaluate",
    summary: "Train on images with the best disturbance of a run, and test on clean images.",
    options: { config: configOption, ...schema.entries },
  });
  if (!given) return;
  const { options: all, nameOf } = withConfigurationFile(given, OF_SEARCHES_ALONE);
  const options = checkOptions(schema, all, nameOf);
  const { run: directory, repeats, seed, epochs, batchSize } = options;
  const searched = readConfiguration(directory, "search", searchSchema);
  const { dataset = searched.dataset, network: networkName = searched.network } = options;
  const recipe = recipeOf(networkName, options, epochs);
  const best = readBest(directory);
  const devices = expandDevices(options.devices);
  await checkDevices(devices, options);
  const journal = await readJournal(`${directory}/journal.jsonl`);
  const { train, test, sha256 } = await loadData(dataset);
  const isTransfer = train.dataset !== searched.dataset && options.dataset !== undefined;
  if (isTransfer) requireFit(best.disturbance, train, nameOf("dataset"));
  else requireSearchedImages(journal, { dataset: train.dataset, sha256: sha256.train }, directory);
  const classes = train.classNames.length;
  const spec: GenomeSpec = {
    classes,
    pixels: searched.pixels,
    shape: train.shape,
    mode: searched.perturbation,
  };
  const size = options.trainSize ?? train.count;
  if (size > train.count) {
    throw new ConfigurationError(
      `Option ${nameOf("trainSize")} must be at most the ${train.count} images of ${dataset}, ` +
        `received ${size}`,
    );
  }
  let network: Network;
  try {
    network = await loadNetwork(networkName, train.shape, classes, { signal });
    if (options.network === undefined) {
      requireSearchedNetwork(journal, networkSha256(network), directory);
    }
    requireWholeBatch(network, batchSize, size);
    checkFit(devices, { network, optimizer: compileRecipe(recipe).optimizer, batchSize });
  } catch (error) {
    if (signal.aborted) throw new RunStopped("The evaluation was stopped");
    rethrowAsInputError(error);
  }
  const methods = [
    ...baselines(spec, seed, UNIFORM_DRAWS),
    { name: "mddes", disturbances: [best.disturbance] },
  ].filter(({ name }) => options.methods.includes(name));
  const unknown = options.methods.find((name) => !methods.some((method) => method.name === name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `Option ${
        nameOf("methods")
      } must be a list of clean, uniform, leftmost and mddes, received "${unknown}"`,
    );
  }
  console.log(
    `${train.source}: ${size} to train on\n${test.source}\n` +
      `${network.name}, ${epochs} epochs, ${describeRecipe(recipe)}, ${repeats} repeats`,
  );
  const tests = await testMethods(methods, repeats, seed, {
    devices,
    train,
    test,
    training: trainingOf(locateNetwork(networkName), train.dataset, {
      ...options,
      ...recipe,
    }),
    subset: options.trainSize === undefined
      ? null
      : { size, seed: deriveSeed(seed, RUN_STREAMS.trainingImages) },
    engine: options.engine,
    backend: options.backend,
    signal,
  }).catch(onStop(`To begin again: ${commandText("evaluate", args)}`));
  const names = [...(isTransfer ? [setName(train.dataset)] : []), network.name, recipe.optimizer];
  const file = `${directory}/evaluation-${names.join("-")}.csv`;
  Deno.writeTextFileSync(file, testsCsv(tests));
  const failures = failuresOf(tests).map((line) => `\n${line}`).join("");
  console.log(`\n${accuracyTable(tests)}\n${failures}\nEvery network: ${file}`);
}

/** @throws {ConfigurationError} If a disturbance is for other images than these. */
function requireFit({ shape, classes }: Disturbance, train: Split<"train">, option: string): void {
  const count = train.classNames.length;
  if (`${train.shape}` === `${shape}` && count === classes.length) return;
  throw new ConfigurationError(
    `Option ${option} must have images of ${
      shape.join(" x ")
    } in ${classes.length} classes, as the ` +
      `disturbance, received ${train.dataset} with ${train.shape.join(" x ")} in ${count}`,
  );
}

function rethrowAsInputError(error: unknown): never {
  throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
