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
import {
  allIndices,
  augmentationFor,
  type GenomeSpec,
  loadTest,
  loadTrain,
  stratifiedSubset,
} from "../datasets/mod.ts";
import { networkByName, optimizerByName } from "../models/mod.ts";
import { deriveSeed } from "../random.ts";
import { flagOf, readCommandLine, runCommand } from "./command.ts";
import { accuracyTable, baselines, testMethods, testsCsv } from "./methods.ts";

const UNIFORM_DRAWS = 3;

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, {
    name: "evaluate",
    summary: "Train on images with the best disturbance of a run, and test on clean images.",
    options: evaluateSchema.entries,
  });
  if (!given) return;
  const options = checkOptions(evaluateSchema, given, flagOf);
  const { run: directory, network, optimizer, repeats, seed } = options;
  const searched = readConfiguration(directory, "search", searchSchema);
  const best = readBest(directory);
  const devices = expandDevices(options.devices);
  await checkDevices(devices, options);
  const preset = inputError(() => optimizerByName(optimizer));
  inputError(() => networkByName(network));
  const train = await loadTrain(searched.dataset).catch(rethrowAsInputError);
  const test = await loadTest(searched.dataset).catch(rethrowAsInputError);
  const spec: GenomeSpec = {
    classes: train.classNames.length,
    pixels: searched.pixels,
    shape: train.shape,
    mode: searched.perturbation,
  };
  const indices = options.trainSize === undefined
    ? allIndices(train)
    : inputError(() => stratifiedSubset(train, options.trainSize!, deriveSeed(seed, -2)));
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
    `${train.source}: ${indices.length} to train on\n${test.source}\n` +
      `${network}, ${optimizer}, ${options.epochs} epochs, ${repeats} repeats`,
  );
  const tests = await testMethods(methods, repeats, seed, {
    devices,
    train,
    test,
    indices,
    network,
    optimizer,
    learningRate: options.learningRate ?? preset.learningRate,
    batchSize: options.batchSize,
    epochs: options.epochs,
    augmentation: options.augmentation === "standard"
      ? augmentationFor(searched.dataset)
      : undefined,
    engine: options.engine,
    backend: options.backend,
    signal,
  });
  const file = `${directory}/evaluation-${network}-${optimizer}.csv`;
  Deno.writeTextFileSync(file, testsCsv(tests));
  console.log(`\n${accuracyTable(tests)}\n\nEvery network: ${file}`);
}

/** What goes wrong here is something that the user gave. */
function inputError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return rethrowAsInputError(error);
  }
}

function rethrowAsInputError(error: unknown): never {
  throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

if (import.meta.main) await runCommand((signal) => main(Deno.args, signal));
