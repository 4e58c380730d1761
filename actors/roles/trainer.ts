/**
 * The candidate trainer: trains a network from scratch on images disturbed by a candidate, and
 * measures the semantic mismatch (arXiv 2003.06646, section 3.3).
 *
 * @module
 */
import {
  type Augmentation,
  compileDisturbance,
  decode,
  type GenomeSpec,
  loadTrain,
  type SameImages,
  type Split,
} from "../../datasets/mod.ts";
import { type DefenceName, planDefences } from "../../datasets/defences/defences.ts";
import {
  needsWholeBatches,
  type Network,
  type Recipe,
  TrainingDiverged,
} from "../../models/mod.ts";
import type { Candidate } from "../population/protocol.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import type { Start } from "../runtime/mod.ts";
import { engineName, engineOn } from "../../training/engine_on.ts";
import { slotBehavior, type SlotInit } from "../population/slot.ts";
import { groupByClass, measureGroups } from "../../training/by_class.ts";
import { stepOf } from "../runtime/mod.ts";
import { filtered } from "../../training/defend.ts";
import { evaluateClassifier, trainClassifier } from "../../training/training.ts";

/** What a trainer starts from. */
export interface TrainerInit extends SlotInit, EngineWish {
  /** The images, or which ones to load. */
  readonly images: Split<"train"> | SameImages;
  /** Positions of the images that candidates are trained on. */
  readonly indices: Uint32Array;
  readonly genome: GenomeSpec;
  readonly network: Network;
  readonly recipe: Recipe;
  readonly batchSize: number;
  readonly epochs: number;
  /** Shifts and flips, after the disturbance. */
  readonly augmentation: Augmentation | undefined;
  /** Of whoever trains, one after the other. */
  readonly defences: readonly DefenceName[];
  readonly mismatch: "clean" | "gap";
  /** Measure it on the images of each class alone, too. */
  readonly byClass: boolean;
}

/** The pruner is told the mismatch on at most so many of the images. */
const ESTIMATED_ON = 200;

/** Starts a trainer. */
export const start: Start<TrainerInit, Candidate> = async (init) => {
  const { network, indices, batchSize, epochs, augmentation } = init;
  const { optimizer, learningRate, schedule } = init.recipe;
  const split = "sha256" in init.images
    ? await loadTrain(init.images.dataset, init.images)
    : init.images;
  const stride = Math.ceil(indices.length / ESTIMATED_ON);
  const few = (all: Uint32Array) => all.filter((_, position) => position % stride === 0);
  const { filters, others } = planDefences(init.defences);
  const groupsOf = (split: Split, all: Uint32Array) =>
    init.byClass ? groupByClass(split, all) : [all];
  const groups = groupsOf(split, indices);
  const engine = await engineOn(init, { network, optimizer, batchSize });
  return slotBehavior(
    init,
    engineName(engine.info),
    async (message, context, verdicts) => {
      const disturbance = compileDisturbance(decode(message.genome, init.genome));
      const onStep = stepOf(context);
      const startedAt = context.clock.now();
      const seen = await filtered({ split, indices, disturbance }, filters, onStep);
      const treatment = { disturbance: seen.disturbance, augmentation, defences: others };
      const cleanOn = (indices: Uint32Array) =>
        evaluateClassifier(engine, split, indices, undefined, onStep);
      const perturbedOn = (indices: Uint32Array) =>
        evaluateClassifier(engine, seen.split, indices, seen.disturbance, onStep);
      let askedMs = 0;
      const goesOn = async (epoch: number, trainLoss: number) => {
        const askedAt = context.clock.now();
        const clean = await cleanOn(few(indices));
        const perturbed = await perturbedOn(few(seen.indices));
        // Early, the gap tells more than the loss on clean images, whichever is measured in the end.
        const mismatch = clean.loss - perturbed.loss;
        const answer = !Number.isFinite(mismatch) ||
          await verdicts.goesOn(epoch, epochs, { mismatch, trainLoss });
        askedMs += context.clock.now() - askedAt;
        return answer;
      };
      const { loss, images } = await trainClassifier(engine, seen.split, seen.indices, treatment, {
        epochs,
        batchSize,
        wholeBatches: needsWholeBatches(network),
        learningRate,
        schedule,
        seed: message.seed,
        onStep,
        onEpoch: verdicts.wanted ? goesOn : undefined,
      });
      const trainingMs = context.clock.now() - startedAt - askedMs;
      if (await verdicts.prunedAt()) return { scores: {}, images, trainingMs };
      const perturbedGroups = groupsOf(seen.split, seen.indices);
      const { whole, each } = await measureGroups(groups, async (group, at) => {
        const clean = await cleanOn(group);
        const perturbed = await perturbedOn(perturbedGroups[at]!);
        return {
          mismatch: init.mismatch === "gap" ? clean.loss - perturbed.loss : clean.loss,
          perturbedAccuracy: perturbed.accuracy,
          cleanAccuracy: clean.accuracy,
        };
      });
      const { mismatch, ...accuracies } = whole;
      return {
        scores: { mismatch, trainLoss: loss, ...accuracies },
        shares: init.byClass ? each.map((means) => means.mismatch) : undefined,
        images,
        trainingMs,
      };
    },
    async () => await engine[Symbol.asyncDispose](),
    (error) => error instanceof TrainingDiverged,
  );
};
