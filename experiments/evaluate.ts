/**
 * `deno task evaluate`: train on images with the best disturbance of a run, and test on clean ones.
 *
 * @module
 */
import {
  checkOptions,
  ConfigurationError,
  evaluateSchema,
  searchSchema,
} from "../actors/configuration.ts";
import { checkDevices, expandDevices } from "../actors/devices.ts";
import { readBest, readConfiguration } from "../actors/run_directory.ts";
import { type GenomeSpec, loadTest, loadTrain } from "../datasets/mod.ts";
import { deriveSeed } from "../random.ts";
import { flagOf, readCommandLine, runCommand } from "./command.ts";
import { accuracyTable, baselines, testMethods, testsCsv } from "./methods.ts";
import { describeRecipe, recipeOf, trainingOf } from "./training.ts";

const UNIFORM_DRAWS = 3;

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "evaluate",
    summary: "Train on images with the best disturbance of a run, and test on clean images.",
    options: evaluateSchema.entries,
  });
  if (!given) return;
  const options = checkOptions(evaluateSchema, given, flagOf);
  const { run: directory, network, repeats, seed, epochs } = options;
  const recipe = recipeOf(network, options, epochs);
  const searched = readConfiguration(directory, "search", searchSchema);
  const best = readBest(directory);
  const devices = expandDevices(options.devices);
  await checkDevices(devices, options);
  const training = trainingOf(network, searched.dataset, { ...options, ...recipe });
  const train = await loadTrain(searched.dataset).catch(rethrowAsInputError);
  const test = await loadTest(searched.dataset).catch(rethrowAsInputError);
  const spec: GenomeSpec = {
    classes: train.classNames.length,
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
      `${network}, ${epochs} epochs, ${describeRecipe(recipe)}, ${repeats} repeats`,
  );
  const tests = await testMethods(methods, repeats, seed, {
    devices,
    train,
    test,
    training,
    subset: options.trainSize === undefined ? null : { size, seed: deriveSeed(seed, -2) },
    engine: options.engine,
    backend: options.backend,
    signal,
  });
  const file = `${directory}/evaluation-${network}-${recipe.optimizer}.csv`;
  Deno.writeTextFileSync(file, testsCsv(tests));
  console.log(`\n${accuracyTable(tests)}\n\nEvery network: ${file}`);
}

function rethrowAsInputError(error: unknown): never {
  throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
