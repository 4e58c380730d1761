import {
  ask,
  type Candidate,
  type Random,
  type Result,
  type State,
  tell,
} from "../../evolution/mod.ts";

/** sum x_i^2 */
export function sphere(x: readonly number[]): number {
  return x.reduce((sum, value) => sum + value * value, 0);
}

/** sum 10^(6 i / (N - 1)) x_i^2 */
export function ellipsoid(x: readonly number[]): number {
  return x.reduce((sum, value, i) => sum + 10 ** (6 * i / (x.length - 1)) * value * value, 0);
}

/** The candidates with their fitness. */
export function evaluated(
  candidates: readonly Candidate[],
  objective: (x: readonly number[]) => number,
): Result[] {
  return candidates.map((candidate) => ({ ...candidate, fitness: objective(candidate.x) }));
}

/** Asks, evaluates and tells for a number of generations. */
export function evolved(
  state: State,
  objective: (x: readonly number[]) => number,
  generations: number,
  random: Random,
): State {
  for (let i = 0; i < generations; i++) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, evaluated(candidates, objective));
  }
  return state;
}

/** Freezes a value and all that it holds. */
export function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFrozen);
    Object.freeze(value);
  }
  return value;
}
