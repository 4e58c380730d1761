/**
 * Whether repeats show that one quantity is above another one.
 *
 * @module
 */
import { pairedTTest } from "../study/statistics.ts";

/** What the repeats say. */
export interface PairedTest {
  /** Higher less lower, of each repeat in which both were measured. */
  readonly differences: readonly number[];
  /** Of the one-sided paired t-test; `null` with fewer than {@linkcode LEAST_PAIRS} pairs. */
  readonly p: number | null;
  readonly verdict: "shown" | "not shown" | "not enough runs";
}

/** With fewer, even a large difference says little. */
export const LEAST_PAIRS = 3;
/** A claim is shown where p is below it. */
export const LEVEL = 0.05;

/**
 * Test that one quantity is above another one, repeat by repeat.
 *
 * @param higher What should be above, one value for each repeat; `null` where there is none.
 * @param lower What should be below, in the same order of repeats.
 */
export function testPairs(
  higher: readonly (number | null)[],
  lower: readonly (number | null)[],
): PairedTest {
  const differences = higher.flatMap((value, repeat) => {
    const other = lower[repeat] ?? null;
    return value === null || other === null ? [] : [value - other];
  });
  const p = differences.length < LEAST_PAIRS ? null : pairedTTest(differences);
  const verdict = p === null ? "not enough runs" : p < LEVEL ? "shown" : "not shown";
  return { differences, p, verdict };
}
