/**
 * `deno task evaluate`: train on images with the best disturbance of a run, or with one of your own, and
 * test on clean ones.
 *
 * @module
 */
import * as v from "valibot";
import { recipeEntries, searchSchema } from "../actors/configuration.ts";
import { checkDevices, checkFit, expandDevices } from "../actors/devices/devices.ts";
import { RunStopped } from "../actors/population/run.ts";
import { commandText } from "../actors/record/command_text.ts";
import { requireSearchedNetwork } from "../actors/record/same_run.ts";
import type { GenomeSpec } from "../datasets/mod.ts";
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
import { disturbanceEntries, loadDisturbed, openDisturbance } from "./study/disturbance_source.ts";
import { networkFor, setName } from "./study/experiment.ts";
import { accuracyTable, baselines, failuresOf, testMethods, testsCsv } from "./study/methods.ts";
import { onStop, readCommandLine, runCommand } from "./terminal/command.ts";

/** Every option of `deno task evaluate`. */
const schema = v.strictObject({
  ...disturbanceEntries,
  methods: v.optional(
    list(
      "a list of clean, uniform, leftmost, and mddes (own with --disturbance)",
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
    summary:
      "Train on images with the best disturbance of a run, or with one of your own, and test on " +
      "clean images.",
    options: { config: configOption, ...schema.entries },
  });
  if (!given) return;
  const { options: all, nameOf } = withConfigurationFile(given, OF_SEARCHES_ALONE);
  const options = checkOptions(schema, all, nameOf);
  const { repeats, seed, epochs, batchSize } = options;
  const source = await openDisturbance(options, nameOf);
  const { disturbance, found, dataset } = source;
  const networkName = options.network ?? found?.configuration.network ??
    networkFor(disturbance.shape);
  const recipe = recipeOf(networkName, options, epochs);
  const devices = expandDevices(options.devices);
  await checkDevices(devices, options);
  const { train, test, areSearched } = await loadDisturbed(source, nameOf);
  const classes = train.classNames.length;
  const spec: GenomeSpec = {
    classes,
    pixels: Math.max(1, ...disturbance.classes.map((pixels) => pixels.length)),
    shape: train.shape,
    mode: disturbance.mode,
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
    if (found && options.network === undefined) {
      requireSearchedNetwork(found.journal, networkSha256(network), found.directory);
    }
    requireWholeBatch(network, batchSize, size);
    checkFit(devices, { network, optimizer: compileRecipe(recipe).optimizer, batchSize });
  } catch (error) {
    if (signal.aborted) throw new RunStopped("The evaluation was stopped");
    rethrowAsInputError(error);
  }
  const own = found ? "mddes" : "own";
  const { methods: wanted = [own] } = options;
  const methods = [
    ...baselines(spec, seed, UNIFORM_DRAWS),
    { name: own, disturbances: [disturbance] },
  ].filter(({ name }) => wanted.includes(name));
  const unknown = wanted.find((name) => !methods.some((method) => method.name === name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `Option ${
        nameOf("methods")
      } must be a list of clean, uniform, leftmost and ${own}, received "${unknown}"`,
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
  const names = [...(areSearched ? [] : [setName(train.dataset)]), network.name, recipe.optimizer];
  const beside = found ? `${source.path}/` : `${source.path.replace(/\.json$/, "")}-`;
  const file = `${beside}evaluation-${names.join("-")}.csv`;
  const failures = failuresOf(tests).map((line) => `\n${line}`).join("");
  console.log(`\n${accuracyTable(tests)}\n${failures}`);
  Deno.writeTextFileSync(file, testsCsv(tests));
  console.log(`Every network: ${file}`);
}

function rethrowAsInputError(error: unknown): never {
  throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
