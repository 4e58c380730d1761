/**
 * Options that several commands share: the folder of a run that they begin, or of one that they use.
 *
 * @module
 */
import * as v from "valibot";
import { text } from "../../options.ts";

/** `--out` of the commands that begin a run. */
export const outputOption = v.optional(
  text("a path", "folder for the run; must not exist; runs/DATASET-TIME if left out"),
);

/** `--run` of the commands that use a run. */
export const runOption = text("the folder of a run", "a run that was begun before");
