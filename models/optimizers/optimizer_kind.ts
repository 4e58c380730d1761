import type { UpdateRule } from "./update_rule.ts";

/** Everything about a kind of optimiser. */
export interface OptimizerKind<O extends { readonly kind: string }> {
  /** What each constant must be. */
  readonly constants: { readonly [C in Exclude<keyof O, "kind">]-?: Range<O[C]> };
  /** What it is usually run with, by the names that options know. */
  readonly presets: Readonly<Record<string, Preset<O>>>;
  /** The update, as a formula that every engine computes. */
  rule(optimizer: O): UpdateRule;
}

/** An optimiser with what it is usually run with. */
export interface Preset<O> {
  readonly optimizer: O;
  readonly learningRate: number;
  /** The constant that is its weight decay; `null` if it is run without one. */
  readonly weightDecay: NumberConstant<O> | null;
}

type NumberConstant<O> = O extends unknown
  ? { [C in keyof O]: O[C] extends number ? C : never }[keyof O]
  : never;

/** The values that a constant may have. */
export interface Range<T> {
  /** The end of "must be". */
  readonly what: string;
  contains(value: unknown): value is T;
}

function numbers(what: string, contains: (value: number) => boolean): Range<number> {
  return {
    what,
    contains: (value): value is number => typeof value === "number" && contains(value),
  };
}

// Updates are computed with 32 bits, in which 1e-50 is 0 and 0.99999999 is 1.
const f32 = Math.fround;

/** What a step keeps of something, less than all of it. */
export const share = numbers("at least 0 and below 1", (x) => x >= 0 && f32(x) < 1);
/** Above 0. */
export const positive = numbers("positive", (x) => f32(x) > 0 && f32(x) < Infinity);
/** 0 or above. */
export const notNegative = numbers("0 or more", (x) => x >= 0 && f32(x) < Infinity);
/** A choice. */
export const yesOrNo: Range<boolean> = {
  what: "true or false",
  contains: (value): value is boolean => typeof value === "boolean",
};
