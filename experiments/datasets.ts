/**
 * `datasets`: what images are there, and how to get more.
 *
 * @module
 */
import * as v from "valibot";
import { commandText } from "../command_text.ts";
import { RunStopped } from "../actors/population/run.ts";
import {
  cacheDirectory,
  classCounts,
  type DownloadProgress,
  fetchDataset,
  type Imported,
  importFiles,
  isKnownName,
  KNOWN_DATASETS,
  type KnownDataset,
  readManifest,
  sourceLine,
} from "../datasets/mod.ts";
import { cacheNeeds } from "../datasets/image_needs.ts";
import { checkOptions, ConfigurationError, flagOf, list, text } from "../options.ts";
import { reads, replaces, requirePermissions } from "../permissions.ts";
import {
  CommandFailed,
  type CommandLine,
  readCommandLine,
  runCommand,
} from "./terminal/command.ts";
import { loadData } from "./study/data.ts";
import { bytes, Progress } from "./terminal/progress.ts";
import { layOut } from "./terminal/table.ts";

/** Every option. */
const schema = v.strictObject({
  words: v.array(v.string()),
  mirror: v.optional(
    list("a list of addresses", "folders on servers, asked before the published ones"),
  ),
  dir: v.optional(
    text("a path", "where sets are kept; MDDES_DATA, or the user's cache folder, if left out"),
  ),
});

const { words: _, ...options } = schema.entries;

export const commandLine: CommandLine = {
  name: "datasets",
  summary: "List the sets of images, check one as it would be used, fetch one, or import files " +
    `that you have. NAME is one of ${Object.keys(KNOWN_DATASETS).join(", ")}; SET is also ` +
    "synthetic, or a folder.",
  words: "[list | check SET | fetch NAME | import NAME FILE...]",
  options,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { words, mirror = [], dir } = checkOptions(schema, given, flagOf);
  const [command = "list", name = "", ...files] = words;
  const purpose = "the folder of sets";
  const isKept = command === "fetch" || command === "import";
  const use = (folder: string) => isKept ? replaces(folder, purpose) : [reads(folder, purpose)];
  requirePermissions(cacheNeeds(purpose, use, dir));
  const directory = cacheDirectory(dir);
  const extra = command === "import" ? undefined : command === "list" ? words[1] : files[0];
  if (extra !== undefined) throw refusal(`${command} does not take ${extra}`);
  if (mirror.length > 0 && command !== "fetch") throw refusal("--mirror is for fetch");
  if (command === "list") return await listSets(directory);
  if (command === "check") return await check(name, directory);
  if (command !== "fetch" && command !== "import") throw refusal(`unknown command ${command}`);
  if (!isKnownName(name)) throw refusal(`expected a NAME, received ${name || "none"}`);
  const known = KNOWN_DATASETS[name];
  if (command === "import" && files.length === 0) throw refusal("import needs at least one FILE");
  try {
    if (command === "fetch") await fetchNamed(known, mirror, directory, signal);
    else report(known, await importFiles(known, files, directory));
  } catch (error) {
    if (signal.aborted) {
      throw new RunStopped(`Stopped. To go on: ${commandText("datasets", args)}`);
    }
    throw new CommandFailed((error as Error).message, { cause: error });
  }
}

function refusal(why: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot run datasets: ${why}; \`${commandText("datasets", ["--help"])}\` says what can be done`,
  );
}

async function listSets(directory: string): Promise<void> {
  console.log(`Data sets in ${directory}`);
  for (const known of Object.values(KNOWN_DATASETS)) {
    const downloads = known.files.reduce((sum, file) => sum + file.bytes, 0);
    console.log(`
${known.name}: ${await status(known, directory)}
  ${known.title}, images of ${known.shape.join(" x ")}, licence: ${known.licence}
  download ${bytes(downloads)} from ${known.mirrors.join(" or ")}
  ${known.homepage}`);
  }
  console.log(`
synthetic: always there, generated
PATH: a folder PATH/class/*.png, or PATH/train/class/*.png and PATH/test/class/*.png, or IDX
  files such as PATH/train-images-idx3-ubyte.gz;
  \`${commandText("datasets", ["check", "PATH"])}\` says what of it would be used`);
}

/** What a search and an evaluation would use, with the number of images of each class. */
async function check(name: string, directory: string): Promise<void> {
  if (name === "") throw refusal("check needs a SET");
  const { train, test } = await loadData(name, { directory });
  const [training, testing] = [classCounts(train), classCounts(test)];
  const rows = train.classNames.map((name, label) => [
    name,
    number(training[label]!),
    number(testing[label]!),
  ]);
  console.log(
    `${train.source}\n${test.source}\nImages of ${train.shape.join(" x ")}\n\n` +
      layOut([["class", "training", "test"], ...rows]),
  );
}

/** Whether a set is there: whole, partly, or not, and what of it. */
async function status(known: KnownDataset, directory: string): Promise<string> {
  const halves: string[] = [];
  let [there, published] = [0, 0];
  for (const split of ["train", "test"] as const) {
    const count = (await readManifest(known, split, directory))?.count ?? 0;
    const whole = known.counts[split];
    there += count;
    published += whole;
    halves.push(`${split} ${number(count)} of ${number(whole)}`);
  }
  const parts = await unfinishedDownloads(`${directory}/${known.name}/downloads`);
  const unfinished = parts.length > 0 ? `, unfinished download of ${parts.join(", ")}` : "";
  if (await known.embedded?.isThere()) return `there, from ${known.embedded!.name}${unfinished}`;
  if (there === published) return `there (${halves.join(", ")})`;
  return (there > 0 ? `partial (${halves.join(", ")})` : "not there") + unfinished;
}

async function unfinishedDownloads(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const { size } = await Deno.stat(`${folder}/${name}`);
      found.push(`${name.replace(/\.part$/, "")} (${bytes(size)})`);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort();
}

async function fetchNamed(
  known: KnownDataset,
  mirrors: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  using bars = new Bars();
  const imported = await fetchDataset(known, {
    directory,
    mirrors: [...mirrors, ...known.mirrors],
    onProgress: (progress) => bars.show(progress),
    signal,
  });
  if (imported.length === 0) console.log(`${known.title} is already in ${directory}`);
  report(known, imported);
}

/** A progress bar for each file, one after the other. */
class Bars implements Disposable {
  #bar: Progress | undefined;
  #file = "";
  #received = 0;

  show({ file, received, total }: DownloadProgress): void {
    if (file !== this.#file) {
      this.#bar?.[Symbol.dispose]();
      this.#bar = new Progress(file, total, { unit: "bytes", before: received });
      this.#file = file;
    } else {
      this.#bar?.advance(received - this.#received);
    }
    this.#received = received;
  }

  [Symbol.dispose](): void {
    this.#bar?.[Symbol.dispose]();
  }
}

function report(known: KnownDataset, imported: readonly Imported[]): void {
  for (const { split, manifest } of imported) {
    console.log(
      sourceLine(known.title, split, manifest.origin, manifest.count, known.counts[split]),
    );
  }
}

function number(n: number): string {
  return n.toLocaleString("en-US");
}

if (import.meta.main) await runCommand(main);
