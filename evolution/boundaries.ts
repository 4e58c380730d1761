/** A box; `null` where a coordinate has no bound. */
export interface Box {
  /** Lower bounds, length N. */
  readonly lower: readonly (number | null)[];
  /** Upper bounds, length N. */
  readonly upper: readonly (number | null)[];
}

/**
 * Moves a point into the box by a smooth, piecewise linear and quadratic map (pycma's
 * `BoxConstraintsLinQuadTransformation`): the identity inside, a parabola that meets the bound with
 * slope zero near it, and mirrored periodically further out.
 *
 * @param box The bounds, or `null` for none.
 * @param unbounded Any point, length N.
 * @returns A point inside the box.
 */
export function intoBox(box: Box | null, unbounded: readonly number[]): number[] {
  if (box === null) return [...unbounded];
  const { lower, upper } = box;
  const x: number[] = [];
  for (let i = 0; i < unbounded.length; i++) {
    x.push(coordinateIntoBox(unbounded[i]!, lower[i]!, upper[i]!));
  }
  return x;
}

/**
 * A point that {@linkcode intoBox} maps to `x`.
 *
 * @param box The bounds, or `null` for none.
 * @param x A point inside the box, length N.
 */
export function outOfBox(box: Box | null, x: readonly number[]): number[] {
  if (box === null) return [...x];
  return x.map((value, i) => coordinateOutOfBox(value, box.lower[i]!, box.upper[i]!));
}

/** Width of the parabola at a bound; the other bound may be closer than its natural width. */
function marginAt(bound: number | null, other: number | null): number {
  if (bound === null) return 0;
  const natural = (1 + Math.abs(bound)) / 20;
  return other === null ? natural : Math.min(Math.abs(other - bound) / 2, natural);
}

/** One coordinate of {@linkcode intoBox}. */
export function coordinateIntoBox(
  value: number,
  lower: number | null,
  upper: number | null,
): number {
  const below = marginAt(lower, upper);
  const above = marginAt(upper, lower);
  const start = lower === null ? -Infinity : lower - below;
  const end = upper === null ? Infinity : upper + above;
  const mirrored = mirror(value, start, end);
  if (lower !== null && mirrored < lower + below) {
    return lower + squareOver(mirrored - start, 4 * below);
  }
  if (upper !== null && mirrored > upper - above) {
    return upper - squareOver(mirrored - end, 4 * above);
  }
  return mirrored;
}

/** Squares and products outside of these have lost digits, or are no numbers. */
const [SMALLEST, LARGEST] = [1e-290, Number.MAX_VALUE];

/** a^2 / b, also where a^2 is outside of what numbers can hold. */
function squareOver(a: number, b: number): number {
  const square = a ** 2;
  return square >= SMALLEST && square <= LARGEST ? square / b : a * (a / b);
}

/** sqrt(a b), also where a b is outside of what numbers can hold. */
function rootOfProduct(a: number, b: number): number {
  const product = a * b;
  return product >= SMALLEST && product <= LARGEST
    ? Math.sqrt(product)
    : Math.sqrt(a) * Math.sqrt(b);
}

function mirror(value: number, start: number, end: number): number {
  if (value >= start && value <= end) return value;
  if (end === Infinity) return 2 * start - value;
  if (start === -Infinity) return 2 * end - value;
  const period = 2 * (end - start);
  const offset = (((value - start) % period) + period) % period;
  return start + Math.min(offset, period - offset);
}

/** One coordinate of {@linkcode outOfBox}. */
export function coordinateOutOfBox(
  x: number,
  lower: number | null,
  upper: number | null,
): number {
  const below = marginAt(lower, upper);
  const above = marginAt(upper, lower);
  if (lower !== null && x < lower + below) {
    return lower - below + 2 * rootOfProduct(below, x - lower);
  }
  if (upper !== null && x > upper - above) {
    return upper + above - 2 * rootOfProduct(above, upper - x);
  }
  return x;
}
