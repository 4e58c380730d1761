/**
 * The discriminator scorer: trains a network to tell disturbed images from clean ones. The easier
 * that is, the further apart the two domains are: F_d = 1 - 2 error (arXiv 2003.06646, section
 * 3.3; after the proxy A-distance of Ben-David et al.).
 *
 * @module
 */
import {
  compileDisturbance,
  decode,
  type GenomeSpec,
  loadTrain,
  type SameImages,
  type Split,
} from "../../datasets/mod.ts";
import {
  discriminator,
  discriminatorLearningRate,
  optimizerByName,
  scheduleByName,
  TrainingDiverged,
} from "../../models/mod.ts";
import type { Candidate } from "../population/protocol.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import type { Start } from "../runtime/mod.ts";
import { engineName, engineOn } from "../../training/engine_on.ts";
import { slotBehavior, type SlotInit } from "../population/slot.ts";
import { groupByClass, measureGroups } from "../../training/by_class.ts";
import { stepOf } from "../runtime/mod.ts";
import { discriminatorError, trainDiscriminator } from "../../training/training.ts";

/** What a scorer starts from. */
export interface ScorerInit extends SlotInit, EngineWish {
  /** The images, or which ones to load. */
  readonly images: Split<"train"> | SameImages;
  /** Positions of the images that the discriminator learns from. */
  readonly fit: Uint32Array;
  /** Positions of the images that its error is measured on. */
  readonly heldOut: Uint32Array;
  /** Measure it on the images of each class alone, too. */
  readonly byClass: boolean;
  readonly genome: GenomeSpec;
  readonly batchSize: number;
  readonly epochs: number;
}

/** Starts a scorer. */
export const start: Start<ScorerInit, Candidate> = async (init) => {
  const { fit, heldOut, batchSize, epochs } = init;
  const split = "sha256" in init.images
    ? await loadTrain(init.images.dataset, init.images)
    : init.images;
  const groups = init.byClass ? groupByClass(split, heldOut) : [heldOut];
  const engine = await engineOn(init, {
    network: discriminator(split.shape),
    optimizer: optimizerByName("adam").optimizer,
    batchSize,
  });
  return slotBehavior(
    init,
    engineName(engine.info),
    async (message, context) => {
      const disturbance = compileDisturbance(decode(message.genome, init.genome));
      const startedAt = context.clock.now();
      const { images } = await trainDiscriminator(engine, split, fit, disturbance, {
        epochs,
        batchSize,
        wholeBatches: false,
        learningRate: discriminatorLearningRate,
        schedule: scheduleByName("constant"),
        seed: message.seed,
        onStep: stepOf(context),
      });
      const trainingMs = context.clock.now() - startedAt;
      const { whole: { error }, each } = await measureGroups(groups, async (group) => ({
        error: await discriminatorError(engine, split, group, disturbance),
      }));
      return {
        scores: { discriminatorError: error, divergence: 1 - 2 * error },
        shares: init.byClass ? each.map(({ error }) => 1 - 2 * error) : undefined,
        images,
        trainingMs,
      };
    },
    async () => await engine[Symbol.asyncDispose](),
    (error) => error instanceof TrainingDiverged,
  );
};
