/**
 * Optimisers as data: a kind and its constants. The learning rate is given with each step, so that
 * schedules stay outside. Each kind is a file in `optimizers/`, and a line in each of the two lists
 * here.
 *
 * @module
 */
import { findByName } from "./find_by_name.ts";
import { type AdaBound, adaBound } from "./optimizers/adabound.ts";
import { type Adam, adam } from "./optimizers/adam.ts";
import { type Momentum, momentum } from "./optimizers/momentum.ts";
import type { OptimizerKind, Preset } from "./optimizers/optimizer_kind.ts";
import { type RmsProp, rmsProp } from "./optimizers/rmsprop.ts";
import { type Sgd, sgd } from "./optimizers/sgd.ts";
import type { UpdateRule } from "./optimizers/update_rule.ts";

/** The rule that turns gradients into new parameters. */
export type Optimizer = Sgd | Momentum | Adam | RmsProp | AdaBound;

type Kind = Optimizer["kind"];

/** What there is to know about each kind. */
export const optimizerTable: {
  readonly [K in Kind]: OptimizerKind<Extract<Optimizer, { readonly kind: K }>>;
} = { sgd, momentum, adam, rmsprop: rmsProp, adabound: adaBound };

/** An optimiser with what it is usually run with. */
export interface OptimizerPreset {
  /** The rule and its constants. */
  readonly optimizer: Optimizer;
  /** The learning rate that it is usually run with. */
  readonly learningRate: number;
  /** Of `optimizer`; `null` if the rule has none. */
  readonly weightDecay: number | null;
}

const presets: Readonly<Record<string, Preset<Optimizer>>> = Object.fromEntries(
  Object.values(optimizerTable).flatMap((kind) => Object.entries<Preset<Optimizer>>(kind.presets)),
);

/** The names that {@linkcode optimizerByName} knows. */
export const optimizerNames: readonly string[] = Object.keys(presets);

/**
 * Finds an optimiser by its name.
 *
 * @returns The optimiser of that name with its default constants and learning rate.
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function optimizerByName(name: string): OptimizerPreset {
  const { optimizer, learningRate, weightDecay } = findByName("an optimizer", presets, name);
  const constants: Readonly<Record<string, unknown>> = { ...optimizer };
  return {
    optimizer,
    learningRate,
    weightDecay: weightDecay === null ? null : constants[weightDecay] as number,
  };
}

/**
 * An optimiser with another weight decay.
 *
 * @param name Of the optimiser.
 * @param weightDecay At least 0.
 * @throws {RangeError} If there is no such optimiser, it has no weight decay and 0 is not asked for,
 * or the weight decay is below 0 or no number.
 */
export function withWeightDecay(name: string, weightDecay: number): Optimizer {
  const { optimizer, weightDecay: constant } = findByName("an optimizer", presets, name);
  if (!Number.isFinite(weightDecay) || weightDecay < 0) {
    throw new RangeError(
      `Cannot train with a weight decay of ${weightDecay}: expected 0 or more`,
    );
  }
  if (constant === null) {
    if (weightDecay === 0) return optimizer;
    const able = optimizerNames.filter((other) => presets[other]!.weightDecay !== null);
    throw new RangeError(
      `Cannot train with a weight decay of ${weightDecay}: expected ${able.join(", ")} as ` +
        `optimizer, received ${name}`,
    );
  }
  return { ...optimizer, [constant]: weightDecay };
}

/** The update rule of an optimiser. */
export function updateRule(optimizer: Optimizer): UpdateRule {
  const kind: OptimizerKind<Optimizer> = optimizerTable[optimizer.kind];
  return kind.rule(optimizer);
}
