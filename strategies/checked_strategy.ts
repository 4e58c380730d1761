/**
 * A strategy of the user's own, whose answers are looked at before they are used.
 *
 * @module
 */
import type { AnyStrategy } from "./mod.ts";
import type { Draw } from "./strategy.ts";

/**
 * The same strategy, with answers that can be relied on.
 *
 * @param refuse Makes an error of what is wrong, in one line. It is thrown if a function is missing,
 * and by the functions for whatever goes wrong in them, and for answers that are none.
 */
export function checkedStrategy(
  strategy: AnyStrategy,
  refuse: (why: string, cause?: unknown) => Error,
): AnyStrategy {
  if (typeof strategy !== "object" || strategy === null) {
    throw refuse(
      `expected an object with the functions of a strategy, received ${typeof strategy}`,
    );
  }
  for (const needed of ["create", "populationSize", "ask", "tell", "show"] as const) {
    if (typeof strategy[needed] === "function") continue;
    throw refuse(`expected a function ${needed}, received ${typeof strategy[needed]}`);
  }
  const answerOf = <T>(what: string, call: () => T): T => {
    let answer: T;
    try {
      answer = call();
    } catch (error) {
      throw refuse(`${what} failed: ${error instanceof Error ? error.message : error}`, error);
    }
    if (answer instanceof Promise) throw refuse(`${what} gave a promise`);
    return answer;
  };
  let dimension = 0;
  let [low, high] = [-Infinity, Infinity];
  const drawn = (draw: Draw): Draw => {
    const { x, version } = draw ?? {};
    const isPoint = Array.isArray(x) && x.length === dimension &&
      x.every((value) => Number.isFinite(value) && value >= low && value <= high);
    if (!isPoint) {
      throw refuse(
        `ask must give x, a list of ${dimension} numbers from ${low} to ${high}, received ` +
          Deno.inspect(x, { breakLength: Infinity, iterableLimit: 5 }),
      );
    }
    if (!Number.isInteger(version)) throw refuse(`ask must give version, received ${version}`);
    return draw;
  };
  return {
    create(start) {
      dimension = start.mean.length;
      [low, high] = [start.bounds.lower ?? -Infinity, start.bounds.upper ?? Infinity];
      return answerOf("create", () => strategy.create(start));
    },
    populationSize(state) {
      const size = answerOf("populationSize", () => strategy.populationSize(state));
      if (Number.isSafeInteger(size) && size >= 1) return size;
      throw refuse(`populationSize must be a positive integer, received ${size}`);
    },
    ask: (state, random, serial) =>
      drawn(answerOf("ask", () => strategy.ask(state, random, serial))),
    tell: (state, results) => answerOf("tell", () => strategy.tell(state, results)),
    ...(strategy.tellOne && {
      tellOne: (state, result, staleness) =>
        answerOf("tellOne", () => strategy.tellOne!(state, result, staleness)),
    }),
    show(state) {
      const { sigma, axisRatio } = answerOf("show", () => strategy.show(state)) ?? {};
      if (Number.isFinite(sigma) && Number.isFinite(axisRatio)) return { sigma, axisRatio };
      throw refuse(`show must give sigma and axisRatio, received ${sigma} and ${axisRatio}`);
    },
    ...(strategy.converged && {
      converged: (state) => answerOf("converged", () => strategy.converged!(state)),
    }),
  };
}
