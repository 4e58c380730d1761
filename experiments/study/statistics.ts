/**
 * Means, deviations, and whether a difference is more than luck.
 *
 * @module
 */
// @ts-types="../../deps/jstat.d.ts"
import jStat from "jstat";
import { deviationOf, meanOf } from "../../averages.ts";

/**
 * Mean and standard deviation of a sample.
 *
 * @param values At least one.
 * @returns The deviation divides by n - 1; one value has none.
 */
export function meanAndDeviation(
  values: readonly number[],
): { readonly mean: number; readonly deviation: number | null } {
  return { mean: meanOf(values), deviation: values.length < 2 ? null : deviationOf(values) };
}

/** What values have in common. */
export interface Summary {
  /** Those that are there. */
  readonly whole: readonly number[];
  readonly failed: number;
  /** `null` of no values. */
  readonly mean: number | null;
  /** `null` of fewer than two. */
  readonly deviation: number | null;
}

/** Sum values up; `null` stands for one that failed. */
export function summaryOf(values: readonly (number | null)[]): Summary {
  const whole = values.filter((value) => value !== null);
  const failed = values.length - whole.length;
  const { mean, deviation } = whole.length === 0
    ? { mean: null, deviation: null }
    : meanAndDeviation(whole);
  return { whole, failed, mean, deviation };
}

/**
 * Student's one-sided t-test for pairs: how likely a mean difference as large as this one, or a
 * larger one, is where the true mean is 0.
 *
 * @param differences First less second, of each pair; at least two.
 * @returns p, 0 to 1. Where all differences are the same, the limit: 0, 0.5 or 1 by their sign.
 */
export function pairedTTest(differences: readonly number[]): number {
  const { mean, deviation } = meanAndDeviation(differences);
  if (deviation === null) {
    throw new RangeError(`Cannot test pairs: expected at least 2, received ${differences.length}`);
  }
  if (deviation === 0) return (1 - Math.sign(mean)) / 2;
  const t = mean / (deviation / Math.sqrt(differences.length));
  return jStat.studentt.cdf(-t, differences.length - 1);
}
