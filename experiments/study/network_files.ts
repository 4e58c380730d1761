/**
 * Networks that were trained and tested, one file for each.
 *
 * @module
 */
import * as v from "valibot";
import type { EngineWish } from "../../training/engine_on.ts";
import type { EvaluationJob } from "../../actors/testing/evaluation.ts";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import type { Data } from "./data.ts";
import { ResultFiles } from "./result_files.ts";
import { exists } from "./search_folder.ts";

/**
 * Everything that decides what comes of training and testing a network. One in a file, which may be
 * changed or moved, is called by its SHA-256.
 */
export interface NetworkDescription
  extends
    Pick<EvaluationJob, "disturbance" | "training" | "subset" | "seed" | "everyEpoch">,
    EngineWish {
  readonly dataset: string;
  /** Which images the set has here. */
  readonly sha256: Data["sha256"];
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const positive = v.pipe(v.number(), v.finite(), v.minValue(0));

const outcomeSchema = v.variant("type", [
  v.object({
    type: v.literal("TestScores"),
    testAccuracy: share,
    testLoss: positive,
    perturbedAccuracy: share,
    epochAccuracies: v.optional(v.array(share)),
    engine: v.string(),
    busyMs: positive,
  }),
  v.object({ type: v.literal("TestFailed"), reason: v.string() }),
]);

/** The folder of these files, and of weights that are kept. */
export class NetworkFiles extends ResultFiles<NetworkDescription, TestOutcome> {
  constructor(directory: string) {
    super(directory, outcomeSchema);
  }

  /** Where the weights of a network are, if they are kept. */
  weightsOf(asked: NetworkDescription): string {
    return `${this.pathOf(asked)}.safetensors`;
  }

  /** As `find`, but a network whose weights are not there does not count. */
  findWithWeights(asked: NetworkDescription): TestOutcome | undefined {
    const outcome = this.find(asked);
    const trained = outcome?.type === "TestScores";
    return trained && !exists(this.weightsOf(asked)) ? undefined : outcome;
  }
}
