/**
 * What makes the fitness of a candidate: which parts are done for it, by whom, and from what. The host that
 * searches and those that work for it make the same parts of the same configuration.
 *
 * @module
 */
import {
  augmentationFor,
  type GenomeSpec,
  holdOut,
  type SameImages,
  type Split,
  stratifiedSubset,
} from "../datasets/mod.ts";
import { checkDefences } from "../datasets/defences/defences.ts";
import { compileRecipe, type Network } from "../models/mod.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import type { SearchConfiguration } from "./configuration.ts";
import type { OwnTerm } from "./own/own_terms.ts";
import type { FitnessTerm } from "./population/fitness.ts";

/**
 * What makes the fitness of a candidate. A term without weight is left out. Which images candidates
 * are trained on is the same in the whole run.
 */
export function termsOf(
  options: SearchConfiguration,
  own: readonly OwnTerm[],
  split: Split<"train">,
  same: SameImages,
  network: Network,
  genome: GenomeSpec,
  byClass: boolean,
): FitnessTerm[] {
  const { engine, backend, batchSize } = options;
  const seedOf = (stream: keyof typeof RUN_STREAMS) =>
    deriveSeed(options.seed, RUN_STREAMS[stream]);
  // Workers share one copy of the images; a process loads its own, and later another one again.
  const images = options.isolation === "worker" ? split : same;
  const common = { images, engine, backend, genome, batchSize, byClass };
  const terms: FitnessTerm[] = [];
  if (options.mismatchWeight > 0) {
    terms.push({
      part: "train",
      score: "mismatch",
      weight: options.mismatchWeight,
      module: new URL("./roles/trainer.ts", import.meta.url),
      init: {
        ...common,
        indices: stratifiedSubset(split, options.trainSize, seedOf("trainingImages")),
        network,
        recipe: compileRecipe(options),
        epochs: options.epochs,
        augmentation: options.augmentation === "standard"
          ? augmentationFor(options.dataset)
          : undefined,
        defences: checkDefences(options.defence ?? [], {
          shape: split.shape,
          isAugmented: options.augmentation === "standard",
        }),
        mismatch: options.mismatch,
      },
    });
  }
  if (options.divergenceWeight > 0) {
    const size = options.discriminatorSize;
    const pool = stratifiedSubset(split, 2 * size, seedOf("discriminatorImages"));
    terms.push({
      part: "score",
      score: "divergence",
      weight: options.divergenceWeight,
      module: new URL("./roles/scorer.ts", import.meta.url),
      init: {
        ...common,
        ...holdOut(split, pool, size, seedOf("heldOutImages")),
        epochs: options.discriminatorEpochs,
      },
    });
  }
  const ownTerms = own.map(({ name, module, weight }): FitnessTerm => ({
    part: name,
    score: name,
    weight,
    module: new URL("./roles/own_term.ts", import.meta.url),
    init: { term: module, images, genome },
  }));
  return [...terms, ...ownTerms];
}

/** The one term of `minimize`. Fitness is maximised. */
export function measureTerm(evaluator: string): FitnessTerm {
  return {
    part: "measure",
    module: new URL("./roles/measurer.ts", import.meta.url),
    init: { evaluator },
    score: "value",
    weight: -1,
  };
}
