/**
 * Options that several commands share: the folder of a run that they begin, or of one that they use,
 * and where that is continued.
 *
 * @module
 */
import * as v from "valibot";
import type { ConfigurationFile } from "../../actors/record/run_directory.ts";
import { ConfigurationError, text } from "../../options.ts";
import { flagOf } from "./command.ts";

/** `--out` of the commands that begin a run. */
export const outputOption = v.optional(
  text("a path", "folder for the run; must not exist; runs/DATASET-TIME if left out"),
);

/** `--run` of the commands that use a run. */
export const runOption = text("the folder of a run", "a run that was begun before");

/**
 * Where a run is continued is said by `--devices` for a search, and by `--workers` for `minimize`.
 *
 * @throws {ConfigurationError} If the other one was given.
 */
export function requireOptionOf(
  kind: ConfigurationFile["kind"],
  command: "resume" | "finish",
  directory: string,
  given: { readonly devices: unknown; readonly workers: unknown },
): void {
  const other = kind === "search" ? "workers" : "devices";
  if (given[other] === undefined) return;
  throw new ConfigurationError(
    `Cannot ${command} ${directory} with ${flagOf(other)}: it is a run of ${kind}`,
  );
}
