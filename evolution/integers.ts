import { coordinateIntoBox, coordinateOutOfBox, intoBox, outOfBox } from "./boundaries.ts";
import { whiten } from "./covariance.ts";
import type { Result, State } from "./state.ts";

/** The fitness of an integer coordinate is the same all over a cell [origin + k step, ... + step). */
export interface Cells {
  /** Width of a cell, positive: 1 / 28 where u in [0, 1] decodes to the row floor(28 u). */
  readonly step: number;
  /** Start of a cell: 0 where x decodes to floor(x), -0.5 where it is rounded. */
  readonly origin: number;
}

/**
 * The smallest standard deviation of integer coordinate i, so that it cannot freeze inside a cell:
 * min(0.2, muEff / N) steps (Marty et al., LB+IC-CMA-ES, PPSN 2024). Near a bound of the box a cell
 * is wider in unbounded coordinates, so it is at least twice that part of the way out of the cell.
 */
export function smallestDeviation(state: State, cells: Cells, i: number): number {
  const { box, parameters, dimension } = state;
  const part = Math.min(0.2, parameters.muEff / dimension);
  const lower = box?.lower[i] ?? null;
  const upper = box?.upper[i] ?? null;
  if (lower === null && upper === null) return part * cells.step;
  const x = coordinateIntoBox(state.mean[i]!, lower, upper);
  const start = cells.origin + cellOf(cells, x, upper) * cells.step;
  const home = coordinateOutOfBox(x, lower, upper);
  const ways = [start, start + cells.step]
    .filter((edge) => (lower === null || edge > lower) && (upper === null || edge < upper))
    .map((edge) => Math.abs(coordinateOutOfBox(edge, lower, upper) - home));
  return part * Math.max(cells.step, 2 * Math.min(...ways));
}

/**
 * The number of the cell that a value lies in, an integer.
 *
 * @param upper The upper bound of the coordinate, which belongs to the last cell below it, or `null`.
 */
export function cellOf({ step, origin }: Cells, value: number, upper: number | null): number {
  const cell = Math.floor((value - origin) / step);
  return upper === null ? cell : Math.min(cell, Math.ceil((upper - origin) / step) - 1);
}

/**
 * Integer centering (Marty et al. 2024): an integer coordinate of a parent that lies in another cell
 * than the mean moves to the middle of its cell, because the selection knows no more than the cell.
 * The shift that this gives the mean is taken back, as far as possible, from the parents in the
 * mean's own cell.
 *
 * @param parents The best results, best first; they change, and only where their cell allows.
 */
export function centered(state: State, parents: readonly Result[]): Result[] {
  const { cells, box } = state;
  if (cells === null) return [...parents];
  const mean = intoBox(box, state.mean);
  const moved = parents.map(({ x }) => [...x]);
  cells.forEach((cell, i) => {
    if (cell !== null) centerCoordinate(moved, i, mean[i]!, cell, box?.upper[i] ?? null);
  });
  return parents.map((parent, p) => {
    const x = moved[p]!;
    if (x.every((value, i) => value === parent.x[i])) return parent;
    const target = outOfBox(box, x);
    const unbounded = parent.unbounded.map((value, i) => x[i] === parent.x[i] ? value : target[i]!);
    const step = parent.step.map((value, i) =>
      value + (unbounded[i]! - parent.unbounded[i]!) / (state.sigma * state.scales[i]!)
    );
    const white = whiten(state.covariance, step);
    const squaredLength = white.reduce((sum, value) => sum + value * value, 0);
    return { ...parent, unbounded, step, squaredLength };
  });
}

function centerCoordinate(
  points: number[][],
  i: number,
  mean: number,
  cells: Cells,
  upper: number | null,
): void {
  const middle = (value: number) => cells.origin + (cellOf(cells, value, upper) + 0.5) * cells.step;
  const home = middle(mean);
  let bias = 0;
  for (const point of points) {
    const target = middle(point[i]!);
    if (target === home) continue;
    bias += target - point[i]!;
    point[i] = target;
  }
  // the parents at home whose way to the middle of the cell works against the bias
  const counterweights = points.filter((point) =>
    middle(point[i]!) === home && bias * (home - point[i]!) < 0
  );
  const counterweight = counterweights.reduce((sum, point) => sum + home - point[i]!, 0);
  if (counterweight === 0) return;
  const fraction = Math.min(1, -bias / counterweight);
  for (const point of counterweights) point[i]! += fraction * (home - point[i]!);
}
