/**
 * `defences`: what whoever trains on disturbed images can do about it, defence by defence.
 *
 * @module
 */
import { dirname } from "node:path";
import * as v from "valibot";
import { expandDevices } from "../actors/devices/devices.ts";
import { folderNeeds, networkNeeds, trainingNeeds } from "../actors/needs.ts";
import {
  disturbanceEntries,
  openDisturbance,
  requireFit,
} from "../actors/testing/disturbance_source.ts";
import { requireSearchedNetwork } from "../actors/record/same_run.ts";
import { evaluationEntries } from "../actors/testing/evaluate.ts";
import { methodsOf } from "../actors/testing/methods.ts";
import {
  locationOf,
  recipeOf,
  requireTrainable,
  resultName,
  trainingOf,
} from "../actors/testing/training_options.ts";
import { commandText } from "../command_text.ts";
import { imageNeeds } from "../datasets/image_needs.ts";
import {
  checkDefences,
  defenceNames,
  type Defended,
  whyUseless,
} from "../datasets/defences/defences.ts";
import { networkFor, networkSha256 } from "../models/mod.ts";
import { checkOptions, ConfigurationError, flagOf, list } from "../options.ts";
import { replaces, requirePermissions } from "../permissions.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { defenceFindings } from "./defences/findings.ts";
import { type Column, defenceTables, networksOf } from "./defences/measurements.ts";
import { findingsText, writeFindings } from "./findings/findings.ts";
import { evolvedText, plural } from "./findings/settings_text.ts";
import { describeRecipe } from "./presets/training.ts";
import { besideDisturbance, makeFolder } from "./study/make_folder.ts";
import { runsOption, setName } from "./study/experiment.ts";
import { Study } from "./study/study.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";

const { defence: _, ...evaluation } = evaluationEntries;

/** Every option. */
const schema = v.strictObject({
  ...disturbanceEntries,
  ...evaluation,
  defences: v.optional(
    list(
      `a list of none, ${defenceNames.join(", ")}`,
      "columns; none and all that do something to such images if left out",
    ),
  ),
  methods: v.optional(
    list(
      "a list of clean, uniform, leftmost, ops, ops-N, and mddes (own without a run)",
      "rows: what to train on; clean, uniform, ops and the disturbance if left out",
    ),
  ),
  runs: runsOption,
});

export const commandLine: CommandLine = {
  name: "defences",
  summary: "Train on images with the best disturbance of a run, or with one of your own, defend " +
    "against it in many ways, and test on clean images.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const options = checkOptions(schema, given, flagOf);
  const { repeats, seed, epochs, batchSize, runs } = options;
  const devices = expandDevices(options.devices);
  const beside = besideDisturbance(options, flagOf);
  requirePermissions([
    ...replaces(dirname(`${beside}defences`), "the results"),
    ...folderNeeds(runs),
    ...trainingNeeds(devices, options),
    ...networkNeeds(options.network),
  ]);
  const source = await openDisturbance(options, flagOf);
  const { disturbance, found, dataset } = source;
  const network = options.network ?? found?.configuration.network ?? networkFor(disturbance.shape);
  const location = locationOf(network, flagOf("network"));
  const recipe = recipeOf(network, options, epochs);
  const defended = {
    shape: disturbance.shape,
    isAugmented: options.augmentation === "standard",
  };
  const { columns, leftOut } = columnsOf(options.defences, defended);
  requirePermissions([...await imageNeeds(dataset), ...networkNeeds(network)]);
  const command = commandText("defences", args);
  using study = await Study.open({ ...options, name: "defences", command, signal });
  const data = await study.data(dataset);
  requireFit(source, data, flagOf);
  const names = options.methods ?? ["clean", "uniform", "ops", found ? "mddes" : "own"];
  const trainedOn = methodsOf(names, source, data.train, seed, flagOf("methods"));
  const { train, test } = data;
  const trainSize = options.trainSize ?? train.count;
  const built = await study.network(location, dataset);
  if (found && options.network === undefined) {
    requireSearchedNetwork(found.journal, networkSha256(built), found.directory);
  }
  try {
    requireTrainable(devices, built, recipe, batchSize, trainSize);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
  const networks = networksOf(
    trainedOn,
    columns,
    Array.from({ length: repeats }, (_, i) => deriveSeed(seed, RUN_STREAMS.testedNetwork, i)),
    {
      dataset,
      training: trainingOf(location, train.dataset, { ...options, ...recipe }),
      subset: options.trainSize === undefined
        ? null
        : { size: trainSize, seed: deriveSeed(seed, RUN_STREAMS.trainingImages) },
    },
  );
  const called = resultName(location, built);
  const settings = [
    ...evolvedText(found),
    train.source,
    test.source,
    `${called}, ${plural(epochs, "epoch")} of batches of ${batchSize}, ` +
    `${describeRecipe(recipe)}, augmentation ${options.augmentation}, on ${trainSize} images. ` +
    `${plural(repeats, "repeat")} with seeds from seed ${seed}, the same ones for all.`,
  ];
  const directory = beside +
    ["defences", setName(train.dataset), called, recipe.optimizer].join("-");
  await study.plan({ searches: [], networks });
  makeFolder(directory);
  study.print(`${settings.join("\n")}\n${plural(networks.length, "network")}`);
  const tests = await study.test(networks);
  study[Symbol.dispose]();
  const of = options.run ?? options.disturbance!;
  const findings = defenceFindings(tests, { of, settings, leftOut });
  writeFindings(directory, "defences", findings, defenceTables(tests));
  console.log(`\n${findingsText(findings)}\n\nFiles in ${directory}; begin with report.html`);
}

/** The columns that were asked for or make sense, and why the others do not. */
function columnsOf(
  asked: readonly string[] | undefined,
  defended: Defended,
): { readonly columns: Column[]; readonly leftOut: string[] } {
  if (asked) {
    try {
      const columns = asked.map((name): Column =>
        name === "none" ? name : checkDefences([name], defended)[0]!
      );
      return { columns: [...new Set(columns)], leftOut: [] };
    } catch (error) {
      throw new ConfigurationError(`Option --defences: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }
  const reasons = defenceNames.map((name) => [name, whyUseless(name, defended)] as const);
  return {
    columns: ["none", ...reasons.flatMap(([name, reason]) => reason ? [] : [name])],
    leftOut: reasons.flatMap(([name, reason]) =>
      reason ? [`Left out: ${name}, as ${reason}.`] : []
    ),
  };
}

if (import.meta.main) await runCommand(main);
