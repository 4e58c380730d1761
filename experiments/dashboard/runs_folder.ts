/**
 * The runs in a folder, and in the folders below it.
 *
 * @module
 */
import { reasonOf } from "../../actors/record/run_directory.ts";
import { ConfigurationError } from "../../options.ts";

/** Folders of experiments have their searches in folders of their own. */
const DEEPEST = 3;

/** More than a page can show. */
const MOST_RUNS = 2000;

/**
 * The names of all runs: their paths within the folder. Links to folders count as these, but for
 * those that lead back to a folder around them.
 *
 * @throws {ConfigurationError} If the folder cannot be read, or is a run itself.
 */
export function findRuns(folder: string): string[] {
  const found: string[] = [];
  const visit = (name: string, around: readonly string[]) => {
    const path = name === "" ? folder : `${folder}/${name}`;
    const entries = [...Deno.readDirSync(path)];
    if (entries.some((entry) => entry.name === "config.json")) {
      found.push(name);
      return;
    }
    const { dev, ino } = Deno.statSync(path);
    const identity = `${dev} ${ino}`;
    if (around.length === DEEPEST || around.includes(identity)) return;
    for (const entry of entries) {
      if (!(entry.isDirectory || entry.isSymlink) || found.length >= MOST_RUNS) continue;
      try {
        visit(name === "" ? entry.name : `${name}/${entry.name}`, [...around, identity]);
      } catch (error) {
        if (!isSystems(error)) throw error; // It is gone, or no folder, or not for everybody.
      }
    }
  };
  try {
    visit("", []);
  } catch (error) {
    if (!isSystems(error)) throw error;
    throw new ConfigurationError(`Cannot read the folder of runs ${folder}: ${reasonOf(error)}`);
  }
  if (found[0] === "") {
    throw new ConfigurationError(
      `Cannot read the folder of runs ${folder}: it is a run; expected the folder around it`,
    );
  }
  return found;
}

/** Whether a text can be the name of a run: a path that stays in the folder. */
export function isRunName(name: string): boolean {
  const parts = name.split(Deno.build.os === "windows" ? /[/\\:]/ : "/");
  return parts.length <= DEEPEST && !name.includes("\0") &&
    parts.every((part) => part !== "" && part !== "." && part !== "..");
}

/** An error of the system, or of Deno where it was not allowed to follow a link. */
function isSystems(error: unknown): boolean {
  return error instanceof Deno.errors.NotCapable || (error instanceof Error && "code" in error);
}
