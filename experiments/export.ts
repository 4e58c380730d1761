/**
 * `export`: write the disturbed training images and the clean test images in what others
 * load, with a data card.
 *
 * @module
 */
import { basename, dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { RunStopped } from "../actors/population/run.ts";
import { commandText, runCommandText } from "../command_text.ts";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import {
  disturbanceEntries,
  type Found,
  loadDisturbed,
  openDisturbance,
} from "../actors/testing/disturbance_source.ts";
import { compileDisturbance } from "../datasets/mod.ts";
import { checkOptions, flagOf, text } from "../options.ts";
import { replaces, requirePermissions } from "../permissions.ts";
import { significant } from "../report/numbers.ts";
import { writeClassFolders } from "./export/class_folders.ts";
import { counted, dataCard } from "./export/data_card.ts";
import type { DisturbedSet } from "./export/disturbed_set.ts";
import { writeKerasNpz } from "./export/keras_npz.ts";
import { targetOf, writeWhole } from "./export/target.ts";
import { readAllTests, testResults } from "./run_report/read_tests.ts";
import { setName } from "./study/experiment.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { Progress } from "./terminal/progress.ts";

/** Every option. */
const schema = v.strictObject({
  ...disturbanceEntries,
  out: text("a path", "FILE.npz, or a folder for PNG files; must not exist"),
});

export const commandLine: CommandLine = {
  name: "export",
  summary: "Write the disturbed training images and the clean test images for PyTorch and Keras: " +
    "as FILE.npz, or as a folder of PNG files. The images are poisoned, and the data card says so.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const options = checkOptions(schema, given, flagOf);
  const around = dirname(options.out);
  requirePermissions(replaces(around, "the folder of what is exported"));
  const target = targetOf(options.out);
  const source = await openDisturbance(options, flagOf);
  const { train, test, sha256, remarks } = await loadDisturbed(source, flagOf);
  for (const remark of remarks) console.error(remark);
  const { disturbance, found } = source;
  const set: DisturbedSet = { train, test, disturbance: compileDisturbance(disturbance) };
  const tests = found
    ? testResults("", readAllTests(found.directory), found.best)
      .filter(({ formerWinner }) => formerWinner === undefined)
    : [];
  const card = dataCard({
    target,
    set,
    sha256,
    disturbance,
    origin: found
      ? originOf(found)
      : `one of its author's own, from ${basename(options.disturbance!)}.`,
    tests,
  });
  using progress = new Progress("export", train.count + test.count);
  const onImages = (count: number) => progress.advance(count);
  await writeWhole(target, async (folder) => {
    Deno.writeTextFileSync(join(folder, target.card), card);
    const json = JSON.stringify(disturbance, null, 2);
    Deno.writeTextFileSync(join(folder, target.disturbance), `${json}\n`);
    if (target.kind === "folder") await writeClassFolders(folder, set, signal, onImages);
    else await writeKerasNpz(join(folder, basename(target.path)), set, signal, onImages);
  }).catch((error) => {
    if (!signal.aborted) throw error;
    throw new RunStopped(
      `Stopped; nothing was written. To begin again: ${commandText("export", args)}`,
    );
  });
  progress.print(
    `${train.source}, disturbed\n${test.source}, clean\n` +
      `Images       ${target.path}\n` +
      `Data card    ${join(target.folder, target.card)}\n` +
      `Disturbance  ${join(target.folder, target.disturbance)}`,
  );
  if (found && tests.length === 0) {
    progress.print(
      `The card says that nothing was measured. To have it say what the disturbance does, first:\n` +
        `  ${runCommandText("evaluate", found.directory)}`,
    );
  }
}

/** Where the winner of a search comes from, for people who have not its folder. */
function originOf({ directory, configuration, best }: Found): string {
  const { dataset, network, pixels, trainSize, epochs, generations, seed } = configuration;
  const { id } = readConfigurationFile(directory);
  const { generation, candidate, searchFitness, finalFitness } = best;
  const again = finalFitness === null
    ? ""
    : `, ${significant(finalFitness, 4)} with networks of fresh seeds`;
  return `candidate ${generation}/${candidate} of the search ${basename(resolve(directory))}` +
    `${id === undefined ? "" : ` (${id})`}, with seed ${seed}: ` +
    `${counted(generations, "generation")}, ${counted(pixels, "pixel")} for each class, ` +
    `${setName(network)} trained for ${counted(epochs, "epoch")} on ${trainSize} images of ` +
    `${setName(dataset)}. Its fitness was ${
      significant(searchFitness, 4)
    } in the search${again}. ` +
    `Method: MDD-ES (Chaudhury and Yamasaki, ICASSP 2020, arXiv 2003.06646), with mddes.`;
}

if (import.meta.main) await runCommand(main);
