/**
 * Means and medians of numbers of any size: where a plain sum would overflow, the numbers are scaled
 * first. Where it does not, the results are those of the plain formulas to the last bit.
 *
 * @example The largest numbers
 * ```ts
 * import { meanOf, medianOf } from "./averages.ts";
 *
 * const huge = [1.7e308, 1.7e308];
 * if (meanOf(huge) !== 1.7e308 || medianOf(huge) !== 1.7e308) throw new Error("overflow");
 * ```
 *
 * @module
 */

/**
 * The number halfway between two.
 *
 * @param a Any finite number.
 * @param b Any finite number.
 */
export function midpoint(a: number, b: number): number {
  const sum = a + b;
  return (Number.isFinite(sum) ? sum / 2 : a / 2 + b / 2) + 0; // no -0, which JSON would lose
}

/** The difference of two finite numbers, at most the largest number there is. */
export function difference(a: number, b: number): number {
  return Math.min(Math.max(a - b, -Number.MAX_VALUE), Number.MAX_VALUE);
}

/**
 * The mean.
 *
 * @param values Finite numbers, at least one.
 * @returns A number between the smallest and the largest of them.
 */
export function meanOf(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (Number.isFinite(sum)) return sum / values.length;
  const scale = scaleFor(values);
  const scaled = values.reduce((total, value) => total + value * scale, 0) / values.length;
  const [low, high] = [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  return Math.min(Math.max(scaled / scale, low), high);
}

/**
 * The middle value, or the mean of the two in the middle.
 *
 * @param values Finite numbers in any order, at least one.
 */
export function medianOf(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = (ordered.length - 1) / 2;
  return midpoint(ordered[Math.floor(middle)]!, ordered[Math.ceil(middle)]!);
}

/**
 * The standard deviation of a sample; the sum of squares is divided by n - 1.
 *
 * @param values Finite numbers, at least two.
 * @returns A number of at least 0, at most the largest number there is.
 */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  const distances = values.map((value) => value - mean);
  const squares = distances.reduce((sum, distance) => sum + distance ** 2, 0);
  if (isOrdinary(squares)) return Math.sqrt(squares / (values.length - 1));
  // squares that are too large or too small for a number: distances in units of the largest
  const part = squares < 1 ? 1 : 1 / 4; // a whole distance may be too large as well
  const parts = values.map((value) => part * value - part * mean);
  const unit = parts.reduce((most, distance) => Math.max(most, Math.abs(distance)), 0);
  if (unit === 0) return 0;
  const relative = parts.reduce((sum, distance) => sum + (distance / unit) ** 2, 0);
  return Math.min(Math.sqrt(relative / (values.length - 1)) * unit / part, Number.MAX_VALUE);
}

/** Whether a sum of squares has lost nothing to overflow or underflow. */
function isOrdinary(squares: number): boolean {
  return squares > 1e-280 && squares < Infinity;
}

/** A power of two that makes the sum of the values small enough, and divides them exactly. */
function scaleFor(values: readonly number[]): number {
  return 2 ** -Math.ceil(Math.log2(values.length) + 1);
}
