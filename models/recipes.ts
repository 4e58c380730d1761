import { type Optimizer, optimizerByName, withWeightDecay } from "./optimizers.ts";
import { type Schedule, scheduleByName } from "./schedules.ts";

/** How a network is trained. */
export interface Recipe {
  /** The optimiser and its constants. */
  readonly optimizer: Optimizer;
  /** The learning rate that the schedule scales. */
  readonly learningRate: number;
  /** How the learning rate changes. */
  readonly schedule: Schedule;
}

/** A recipe as names and numbers, for options and files. */
export interface RecipeOptions {
  /** Name of the optimiser. */
  readonly optimizer: string;
  /** The learning rate that the schedule scales. */
  readonly learningRate: number;
  /** Share of the weight that each step takes off, by the optimiser's rule; 0 is none. */
  readonly weightDecay: number;
  /** Name of the schedule. */
  readonly schedule: string;
  /** Epochs over which the learning rate grows before that. */
  readonly warmup: number;
}

const plain: RecipeOptions = {
  optimizer: "adam",
  learningRate: 0.001,
  weightDecay: 0,
  schedule: "constant",
  warmup: 0,
};

/** He et al., arXiv 1512.03385, section 4.2. */
const residual: RecipeOptions = {
  optimizer: "momentum",
  learningRate: 0.1,
  weightDecay: 1e-4,
  schedule: "step",
  warmup: 0,
};

/**
 * As Wu et al. (arXiv 2205.12141, and their code) train ResNet-18 on CIFAR-10, in batches of 256 and
 * 200 epochs.
 */
const residual18: RecipeOptions = { ...residual, weightDecay: 5e-4 };

/** Huang et al., arXiv 1608.06993, section 4.2. */
const dense: RecipeOptions = { ...residual, optimizer: "nesterov" };

const recipes: Readonly<Record<string, RecipeOptions>> = {
  resnet18: residual18,
  resnet20: residual,
  resnet32: residual,
  densenet40: dense,
};

/** What is asked for; the rest is as the network's paper has it. */
export type RecipeWish = {
  readonly [Option in keyof RecipeOptions]?: RecipeOptions[Option] | undefined;
};

/**
 * How a network is trained, where not all is said: as its own paper trains it. Residual networks have
 * momentum and dense ones Nesterov's, both a weight decay of 1e-4 and a learning rate of 0.1 that
 * drops to a tenth after half and after three quarters of the run; ResNet-18, whose paper has it for
 * larger images, the same with 5e-4. The others have no such paper: Adam at 0.001, constant. With another optimiser than the paper's, learning rate and weight decay are that
 * optimiser's usual ones.
 *
 * @param network The network's name.
 * @param wish What is asked for.
 * @param epochs Of the run.
 * @throws {RangeError} If there is no such optimiser or schedule, if the optimiser has no weight
 * decay and one is asked for, if a number is out of range, or if the warm-up does not end within the
 * run.
 */
export function resolveRecipe(network: string, wish: RecipeWish, epochs: number): RecipeOptions {
  const paper = Object.hasOwn(recipes, network) ? recipes[network]! : plain;
  const { optimizer = paper.optimizer, schedule = paper.schedule, warmup = paper.warmup } = wish;
  const usual = optimizer === paper.optimizer ? paper : optimizerByName(optimizer);
  const resolved: RecipeOptions = {
    optimizer,
    learningRate: wish.learningRate ?? usual.learningRate,
    weightDecay: wish.weightDecay ?? usual.weightDecay ?? 0,
    schedule,
    warmup,
  };
  compileRecipe(resolved);
  if (!Number.isSafeInteger(epochs) || epochs < 1) {
    throw new RangeError(
      `Cannot train for ${epochs} epochs: expected a positive integer`,
    );
  }
  if (warmup > 0 && warmup >= epochs) {
    throw new RangeError(
      `Cannot train for ${epochs} epochs: expected a warm-up of fewer, received ${warmup}`,
    );
  }
  return resolved;
}

/**
 * Looks the names up.
 *
 * @throws {RangeError} If there is no such optimiser or schedule, the optimiser has no weight decay
 * and one is asked for, or a number is out of range.
 */
export function compileRecipe(
  { optimizer, learningRate, weightDecay, schedule, warmup }: RecipeOptions,
): Recipe {
  if (!Number.isFinite(learningRate) || learningRate <= 0) {
    throw new RangeError(
      `Cannot train with a learning rate of ${learningRate}: expected a positive number`,
    );
  }
  if (!Number.isFinite(warmup) || warmup < 0) {
    throw new RangeError(`Cannot train with a warm-up of ${warmup} epochs: expected 0 or more`);
  }
  return {
    optimizer: withWeightDecay(optimizer, weightDecay),
    learningRate,
    schedule: { ...scheduleByName(schedule), warmup },
  };
}
