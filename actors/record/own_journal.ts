/**
 * Whether a journal is that of its run, and all of it: a run that is continued with less begins anew
 * and writes over what it had found.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { JournalContents } from "./journal.ts";
import type { RunDirectory } from "./run_directory.ts";
import { diskFiles, type RunFiles } from "./run_files.ts";

/** What is to be known of the folder of a run. */
type Folder = Pick<RunDirectory, "path" | "id" | "file">;

/**
 * Compare a journal with what stands beside it, before anything is written.
 *
 * @param files Where both are kept. Default: on the disk.
 * @throws {ConfigurationError} If it is the journal of another run, or lacks results that the folder
 * has.
 */
export function requireOwnJournal(
  { events }: JournalContents,
  folder: Folder,
  files: RunFiles = diskFiles,
): void {
  const refuse = (why: string) =>
    new ConfigurationError(
      `Cannot continue the run in ${folder.path}: ${why}; put back the journal.jsonl that it had, ` +
        `or begin a new run in another folder`,
    );
  const [begun] = events;
  if (begun?.type === "Begun" && begun.run !== folder.id) {
    throw refuse(
      `expected the journal of run ${
        folder.id ?? "without a name"
      }, as config.json says, received ` +
        `that of run ${begun.run ?? "without a name"}`,
    );
  }
  const evaluated = events.filter((event) => event.type === "Evaluated");
  const searched = evaluated.filter(({ repeat }) => repeat === 0).length;
  for (const [file, shown, known] of shownIn(folder, files, searched, evaluated.length)) {
    // Version 0.1.0 wrote rows before the journal was on the disk, so that a crash left more of them.
    const expected = folder.id === undefined ? Math.min(shown, 1) : shown;
    if (known >= expected) continue;
    throw refuse(
      `expected a journal with the ${shown} evaluations that ${file} has, received one with ${known}`,
    );
  }
}

/** Files with results: how many they show at least, and how many the journal has of these. */
function shownIn(
  folder: Folder,
  files: RunFiles,
  searched: number,
  all: number,
): [string, number, number][] {
  const textOf = (file: string) => new TextDecoder().decode(files.read(folder.file(file)));
  /** Without the head. A file that a power cut damaged shows fewer. */
  const rows = textOf("candidates.csv").split("\n").length - 2;
  const summary = parseJson(textOf("summary.json")) as { evaluations?: unknown } | undefined;
  const evaluations = Number(summary?.evaluations ?? 0);
  const best = parseJson(textOf("best.json")) === undefined ? 0 : 1;
  return [
    ["candidates.csv", rows, searched],
    ["summary.json", evaluations, all],
    ["best.json", best, all],
  ];
}

/** `undefined` if the text is no JSON, as that of a file which is not there: then it shows nothing. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
