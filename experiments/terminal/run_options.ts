/**
 * Options that several commands share: the folder of a run that they begin, or of one that they use,
 * and where that is continued.
 *
 * @module
 */
import * as v from "valibot";
import type { ConfigurationFile } from "../../actors/record/run_directory.ts";
import { commandText } from "../../command_text.ts";
import { ConfigurationError, flagOf, text } from "../../options.ts";

/** `--out` of the commands that begin a run. */
export const outputOption = v.optional(
  text("a path", "folder for the run; must not exist; runs/DATASET-TIME if left out"),
);

/** `--run` of the commands that use a run. */
export const runOption = text("the folder of a run", "a run that was begun before");

/**
 * A search and a run of `minimize` can be continued; where, is said by `--devices` for the one, and by
 * `--workers` for the other.
 *
 * @throws {ConfigurationError} If it is a simulation, or the other option was given.
 */
export function requireContinuable(
  kind: ConfigurationFile["kind"],
  command: "resume" | "finish",
  directory: string,
  given: { readonly devices: unknown; readonly workers: unknown },
): void {
  if (kind === "simulation") {
    throw new ConfigurationError(
      `Cannot ${command} ${directory}: it is a simulation, which gives the same from its start; to ` +
        `run it again: ${
          commandText("simulate")
        }, with the options in its config.json and another ` +
        "--out",
    );
  }
  const other = kind === "search" ? "workers" : "devices";
  if (given[other] === undefined) return;
  throw new ConfigurationError(
    `Cannot ${command} ${directory} with ${flagOf(other)}: it is a run of ${kind}`,
  );
}
