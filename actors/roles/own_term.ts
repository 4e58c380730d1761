/**
 * An own term of the fitness: scores candidates with a module of the user's.
 *
 * @module
 */
import {
  decode,
  type Disturbance,
  type GenomeSpec,
  loadTrain,
  type SameImages,
  type Split,
} from "../../datasets/mod.ts";
import type { EvaluationContext } from "./measurer.ts";
import type { Candidate } from "../population/protocol.ts";
import type { Start } from "../runtime/mod.ts";
import { CertainFailure, slotBehavior, type SlotInit } from "../population/slot.ts";
import { loadFunction, type Wanted } from "../own/user_module.ts";

/** What a term may use besides the disturbance. */
export interface TermContext extends EvaluationContext {
  /** All training images, in memory that the actors share. */
  readonly images: Split<"train">;
  /** Where the term may compute: `cpu`, `gpu:0`. */
  readonly device: string;
}

/**
 * A term of the fitness: what a module exports as `term`.
 *
 * @param disturbance What a candidate does to the images of each class.
 * @returns Added to the fitness, times the weight that the search was given. NaN and infinities count
 * as failed.
 */
export type Term = (disturbance: Disturbance, context: TermContext) => number | Promise<number>;

/** What an own term starts from. */
export interface OwnTermInit extends SlotInit {
  /** URL of the module. */
  readonly term: string;
  readonly images: Split<"train"> | SameImages;
  readonly genome: GenomeSpec;
}

const TERM: Wanted = { name: "term", expected: "a function term(disturbance)" };

/** Starts an own term. */
export const start: Start<OwnTermInit, Candidate> = async (init, { clock }) => {
  const { device, part } = init;
  const term = await loadFunction<Term>(init.term, TERM, clock);
  const images = "sha256" in init.images
    ? await loadTrain(init.images.dataset, init.images)
    : init.images;
  return slotBehavior(init, "own", async ({ genome, seed }, context) => {
    const heartbeat = () => context.heartbeat();
    const score: unknown = await term(decode(genome, init.genome), {
      seed,
      heartbeat,
      images,
      device,
    });
    if (typeof score !== "number") {
      throw new CertainFailure(
        `Cannot use the result of term in ${init.term}: expected a number, received ${typeof score}`,
      );
    }
    return { scores: { [part]: score }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};
