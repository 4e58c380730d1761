/**
 * The runs in a folder, and in the folders below it.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";

/** Folders of experiments have their searches in folders of their own. */
const DEEPEST = 3;

/** More than a page can show. */
const MOST_RUNS = 2000;

/**
 * The names of all runs: their paths within the folder.
 *
 * @throws {ConfigurationError} If the folder cannot be read.
 */
export function findRuns(folder: string): string[] {
  const found: string[] = [];
  const visit = (name: string, depth: number) => {
    const path = name === "" ? folder : `${folder}/${name}`;
    const entries = [...Deno.readDirSync(path)];
    if (name !== "" && entries.some((entry) => entry.name === "config.json")) {
      found.push(name);
      return;
    }
    if (depth === DEEPEST) return;
    for (const entry of entries) {
      if (!entry.isDirectory || found.length >= MOST_RUNS) continue;
      try {
        visit(name === "" ? entry.name : `${name}/${entry.name}`, depth + 1);
      } catch (error) {
        if (!isGone(error)) throw error; // It went while the others were looked at.
      }
    }
  };
  try {
    visit("", 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new ConfigurationError(`Cannot read the folder of runs ${folder}: ${error.message}`);
  }
  return found;
}

/** Whether a text can be the name of a run: a path that stays in the folder. */
export function isRunName(name: string): boolean {
  const parts = name.split(Deno.build.os === "windows" ? /[/\\:]/ : "/");
  return parts.length <= DEEPEST && !name.includes("\0") &&
    parts.every((part) => part !== "" && part !== "." && part !== "..");
}

function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.PermissionDenied;
}
