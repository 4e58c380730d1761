/**
 * `evaluate`: train on images with the best disturbance of a run, or with one of your own, and
 * test on clean ones.
 *
 * @module
 */
import { dirname } from "node:path";
import * as v from "valibot";
import { searchSchema } from "../actors/configuration.ts";
import { commandText } from "../command_text.ts";
import { disturbanceEntries, openDisturbance } from "../actors/testing/disturbance_source.ts";
import {
  evaluateChecked,
  evaluationEntries,
  type EvaluationEvent,
} from "../actors/testing/evaluate.ts";
import { checkOptions, describeOption, flagOf } from "../options.ts";
import { replaces } from "../permissions.ts";
import { writeWhole } from "../report/figures/figure.ts";
import { configOption, withConfigurationFile } from "./terminal/configuration_file.ts";
import { describeRecipe } from "./presets/training.ts";
import { fingerprint } from "./study/fingerprint.ts";
import { besideDisturbance } from "./study/make_folder.ts";
import { setName } from "./study/experiment.ts";
import { accuracyTable, failuresOf, testsCsv } from "./study/methods.ts";
import { type CommandLine, onStop, readCommandLine, runCommand } from "./terminal/command.ts";
import { Progress } from "./terminal/progress.ts";

/** Every option. */
const schema = v.strictObject({
  ...disturbanceEntries,
  ...evaluationEntries,
});

/** What a configuration file may say of the search, which is over. */
const OF_SEARCHES_ALONE = Object.fromEntries(
  Object.entries(searchSchema.entries).filter(([option]) => !Object.hasOwn(schema.entries, option)),
);

/** What the names of the results always say, or what changes nothing in them. */
const NOT_SETTINGS = [
  "run",
  "disturbance",
  "dataset",
  "network",
  "optimizer",
  "defence",
  "devices",
] as const;

export const commandLine: CommandLine = {
  name: "evaluate",
  summary:
    "Train on images with the best disturbance of a run, or with one of your own, and test on " +
    "clean images.",
  options: { config: configOption, ...schema.entries },
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { options: all, nameOf } = withConfigurationFile(given, OF_SEARCHES_ALONE);
  const options = checkOptions(schema, all, nameOf);
  let progress: Progress | undefined;
  const onEvent = (event: EvaluationEvent) => {
    switch (event.type) {
      case "remark":
        return console.error(event.text);
      case "started":
        console.log(
          `${event.train}: ${event.trainSize} to train on\n${event.test}\n` +
            `${event.network}, ${options.epochs} epochs, ${describeRecipe(event.recipe)}, ` +
            `${options.repeats} repeats` +
            (options.defence ? `, defended by ${options.defence.join(", ")}` : ""),
        );
        progress = new Progress("test", event.networks);
        return;
      case "tested":
        return progress?.advance();
      default:
        event satisfies never;
    }
  };
  const beside = besideDisturbance(options, nameOf);
  const { tests, winner, dataset, areSearched, network, recipe } = await evaluateChecked(
    options,
    () => openDisturbance(options, nameOf),
    {
      signal,
      onEvent,
      nameOf,
      needs: replaces(dirname(beside + "evaluation"), "the results"),
    },
  )
    .finally(() => progress?.[Symbol.dispose]())
    .catch(onStop(`To begin again: ${commandText("evaluate", args)}`));
  const name = [
    ...(areSearched ? [] : [setName(dataset)]),
    network,
    recipe.optimizer,
    ...options.defence ?? [],
    ...changedSettings(options),
  ].join("-");
  const file = `${beside}evaluation-${shortened(name)}.csv`;
  const failures = failuresOf(tests).map((line) => `\n${line}`).join("");
  console.log(`\n${accuracyTable(tests)}\n${failures}`);
  writeWhole(file, testsCsv(tests, winner && { mddes: winner }));
  console.log(`Every network: ${file}`);
}

/** Other settings than the defaults, for the name of a file: `epochs-6`. */
function changedSettings(options: v.InferOutput<typeof schema>): string[] {
  return Object.entries(v.omit(schema, NOT_SETTINGS).entries).flatMap(([option, entry]) => {
    const value = options[option as keyof typeof options];
    if (value === undefined || value === describeOption(entry).default) return [];
    return [`${flagOf(option).slice(2)}-${[value].flat().join("+")}`];
  });
}

/** A name that fits a file system, with part of its SHA-256 where it was cut. */
function shortened(name: string): string {
  const bytes = new TextEncoder().encode(name);
  if (bytes.length <= 200) return name;
  const start = new TextDecoder().decode(bytes.subarray(0, 191), { stream: true }); // whole letters
  return `${start}-${fingerprint(name, 8)}`;
}

if (import.meta.main) await runCommand(main);
