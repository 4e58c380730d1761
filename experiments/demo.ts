/**
 * `demo`: evolve one pixel for each digit on a small part of MNIST, and show that a
 * network trained on the disturbed digits fails on clean ones.
 *
 * @module
 */
import * as v from "valibot";
import { commandText, runCommandText } from "../command_text.ts";
import { devicesOption, searchSchema } from "../actors/configuration.ts";
import { expandDevices } from "../actors/devices/devices.ts";
import { search } from "../actors/search.ts";
import { type GenomeSpec, loadTest, loadTrain } from "../datasets/mod.ts";
import { checkOptions, flagOf } from "../options.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { type CommandLine, onStop, readCommandLine, runCommand } from "./terminal/command.ts";
import { accuraciesOf, accuracyTable, failuresOf, testsCsv } from "./study/methods.ts";
import { baselines, testMethods } from "../actors/testing/methods.ts";
import { Progress } from "./terminal/progress.ts";
import { disturbancePicture } from "../report/figures/disturbance_picture.ts";
import { writeWhole } from "../report/figures/figure.ts";
import { demo } from "./presets/demo.ts";
import { outputOption } from "./terminal/run_options.ts";
import { summaryOf } from "./study/statistics.ts";
import { percent } from "../report/numbers.ts";
import { presetTraining } from "./presets/training.ts";
import { watchSearch } from "./terminal/watch.ts";

const schema = v.strictObject({
  seed: searchSchema.entries.seed,
  devices: devicesOption(),
  out: outputOption,
});

export const commandLine: CommandLine = {
  name: "demo",
  summary: "Evolve one pixel for each digit on a part of MNIST, and test it. About two minutes.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { out, ...options } = checkOptions(schema, given, flagOf);
  const devices = expandDevices(options.devices);
  const [pixels] = demo.pixels;
  console.log(
    "Which single pixel for each digit, added to the training images, does most harm?\n",
  );
  await using run = search({
    ...demo.search,
    dataset: demo.dataset,
    pixels,
    ...options,
    devices,
    ...(out === undefined ? {} : { directory: out }),
    signal,
  });
  const { best, directory } = await watchSearch(run);

  const train = await loadTrain(demo.dataset);
  const test = await loadTest(demo.dataset);
  const { seed } = options;
  const spec: GenomeSpec = {
    classes: train.classNames.length,
    pixels,
    shape: train.shape,
  };
  const { trainSize } = demo.training;
  const methods = [
    ...baselines(spec, seed, demo.uniformDraws),
    { name: "evolved", disturbances: [best.disturbance] },
  ];
  const networks = demo.repeats *
    methods.reduce((sum, { disturbances }) => sum + disturbances.length, 0);
  const progress = new Progress("test", networks);
  const tests = await testMethods(
    methods,
    demo.repeats,
    seed,
    {
      devices,
      train,
      test,
      training: presetTraining(demo, demo.networks[0]),
      subset: { size: trainSize, seed: deriveSeed(seed, RUN_STREAMS.trainingImages) },
      engine: "auto",
      backend: "auto",
      signal,
      onTest: () => progress.advance(),
    },
  )
    .finally(() => progress[Symbol.dispose]())
    .catch(onStop(`To test what was found: ${runCommandText("evaluate", directory)}`));
  const picture = `${directory}/disturbance.svg`;
  writeWhole(`${directory}/evaluation.csv`, testsCsv(tests, { evolved: best }));
  writeWhole(
    picture,
    disturbancePicture(
      train,
      best.disturbance,
      "Training digits, clean and disturbed: one pixel for each class",
    ),
  );
  const [clean, evolved] = ["clean", "evolved"].map((method) =>
    summaryOf(accuraciesOf(tests, method)).mean
  ) as [number | null, number | null];
  const conclusion = clean === null || evolved === null
    ? failuresOf(tests).join("\n")
    : `One pixel for each digit took the accuracy from ${percent(clean)} % to ` +
      `${percent(evolved)} %.`;
  console.log(
    `\nTrained on ${trainSize} images, tested on ${test.count} clean ones:\n\n` +
      `${accuracyTable(tests)}\n\n` +
      `${conclusion}\n\n` +
      `Picture    ${picture}\n` +
      `Tables     ${directory}/*.csv\n` +
      `More       ${commandText("search", ["--help"])}`,
  );
}

if (import.meta.main) await runCommand(main);
