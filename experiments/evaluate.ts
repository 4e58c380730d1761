/**
 * `deno task evaluate`: train on images with the best disturbance of a run, and test on clean ones.
 *
 * @module
 */
import * as v from "valibot";
import { recipeEntries, searchSchema } from "../actors/configuration.ts";
import { commandText } from "../actors/record/command_text.ts";
import { checkDevices, checkFit, expandDevices } from "../actors/devices/devices.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readBest, readConfiguration } from "../actors/record/run_directory.ts";
import { RunStopped } from "../actors/population/run.ts";
import { requireSearchedImages } from "../actors/record/same_run.ts";
import { requireWholeBatch } from "../training/training.ts";
import { type GenomeSpec, sameImages } from "../datasets/mod.ts";
import { compileRecipe, loadNetwork, locateNetwork, type Network } from "../models/mod.ts";
import { checkOptions, ConfigurationError, integer, list, text } from "../options.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { flagOf, onStop, readCommandLine, runCommand } from "./terminal/command.ts";
import { loadData } from "./study/data.ts";
import { accuracyTable, baselines, failuresOf, testMethods, testsCsv } from "./study/methods.ts";
import { describeRecipe, recipeOf, trainingOf } from "./presets/training.ts";

/** Every option of `deno task evaluate`. */
const schema = v.strictObject({
  run: text("the folder of a run", "a run whose search is done"),
  methods: v.optional(
    list("a list of clean, uniform, leftmost and mddes", "what to train on"),
    ["mddes"],
  ),
  trainSize: v.optional(integer(10, 1_000_000, "training images, stratified; all if left out")),
  network: searchSchema.entries.network,
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

const UNIFORM_DRAWS = 3;

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "evaluate",
    summary: "Train on images with the best disturbance of a run, and test on clean images.",
    options: schema.entries,
  });
  if (!given) return;
  const options = checkOptions(schema, given, flagOf);
  const { run: directory, repeats, seed, epochs, batchSize } = options;
  const recipe = recipeOf(options.network, options, epochs);
  const searched = readConfiguration(directory, "search", searchSchema);
  const best = readBest(directory);
  const devices = expandDevices(options.devices);
  await checkDevices(devices, options);
  const { train, test } = await loadData(searched.dataset);
  const journal = await readJournal(`${directory}/journal.jsonl`);
  requireSearchedImages(journal, sameImages(train), directory);
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
      `Option --train-size must be at most the ${train.count} images of ${searched.dataset}, ` +
        `received ${size}`,
    );
  }
  let network: Network;
  try {
    network = await loadNetwork(options.network, train.shape, classes, { signal });
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
      `Option --methods must be a list of clean, uniform, leftmost and mddes, received "${unknown}"`,
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
    training: trainingOf(locateNetwork(options.network), searched.dataset, {
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
  const file = `${directory}/evaluation-${network.name}-${recipe.optimizer}.csv`;
  Deno.writeTextFileSync(file, testsCsv(tests));
  const failures = failuresOf(tests).map((line) => `\n${line}`).join("");
  console.log(`\n${accuracyTable(tests)}\n${failures}\nEvery network: ${file}`);
}

function rethrowAsInputError(error: unknown): never {
  throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
