/**
 * Networks that were trained and tested, one file for each.
 *
 * @module
 */
import * as v from "valibot";
import type { EngineWish } from "../actors/devices.ts";
import type { EvaluationJob } from "../actors/evaluation.ts";
import type { TestOutcome } from "../actors/evaluator.ts";
import { ResultFiles } from "./result_files.ts";

/** Everything that decides what comes of training and testing a network. */
export interface NetworkDescription
  extends Pick<EvaluationJob, "disturbance" | "training" | "subset" | "seed">, EngineWish {
  readonly dataset: string;
  /** Images that the set has here. */
  readonly counts: { readonly train: number; readonly test: number };
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const positive = v.pipe(v.number(), v.finite(), v.minValue(0));

const outcomeSchema = v.variant("type", [
  v.object({
    type: v.literal("TestScores"),
    testAccuracy: share,
    testLoss: positive,
    perturbedAccuracy: share,
    engine: v.string(),
    busyMs: positive,
  }),
  v.object({ type: v.literal("TestFailed"), reason: v.string() }),
]);

/** The folder of these files. */
export function networkFiles(directory: string): ResultFiles<NetworkDescription, TestOutcome> {
  return new ResultFiles(directory, outcomeSchema);
}
