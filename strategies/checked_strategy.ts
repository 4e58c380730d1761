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
 * What it draws and what it is told are copies, so that nothing that it does to them reaches the search.
 *
 * @param call Calls a function of the strategy.
 * @param refuse Makes an error of what is wrong, in one line, and of what was thrown. It is thrown if a
 * function is missing, and by the functions for whatever goes wrong in them, and for answers that are
 * none.
 */
export function checkedStrategy(
  strategy: AnyStrategy,
  call: <T>(step: () => T) => T,
  refuse: (why: string, ...thrown: unknown[]) => Error,
): AnyStrategy {
  if (typeof strategy !== "object" || strategy === null) {
    throw refuse(
      `expected an object with the functions of a strategy, received ${typeof strategy}`,
    );
  }
  const answerOf = <T>(what: string, step: () => T): T => {
    let answer: T;
    try {
      answer = call(step);
    } catch (error) {
      throw refuse(`${what} failed`, error);
    }
    if (answer instanceof Promise) throw refuse(`${what} gave a promise`);
    return answer;
  };
  for (const needed of ["create", "populationSize", "ask", "tell", "show"] as const) {
    const kind = answerOf(needed, () => typeof strategy[needed]);
    if (kind !== "function") throw refuse(`expected a function ${needed}, received ${kind}`);
  }
  let dimension = 0;
  let population: number | undefined;
  let lows: readonly number[] = [];
  let highs: readonly number[] = [];
  const drawn = (draw: Draw): Draw => {
    const { x, version } = draw ?? {};
    const shown = () => Deno.inspect(x, { breakLength: Infinity, iterableLimit: 5 });
    if (!isPoint(x, dimension)) {
      throw refuse(
        `ask must give x, a list of ${dimension} finite numbers, received ${shown()}`,
      );
    }
    const outside = x.findIndex((value, i) => value < lows[i]! || value > highs[i]!);
    if (outside >= 0) {
      throw refuse(
        `ask must give x within the bounds, which at coordinate ${outside} are ` +
          `[${lows[outside]}, ${highs[outside]}], received ${shown()}`,
      );
    }
    if (!Number.isInteger(version)) {
      throw refuse(`ask must give version, received ${Deno.inspect(version)}`);
    }
    return draw;
  };
  return {
    ...(answerOf("learnsByBlock", () => strategy.learnsByBlock) && { learnsByBlock: true }),
    create(start) {
      population = undefined;
      dimension = start.mean.length;
      lows = start.bounds.lower.map((bound) => bound ?? -Infinity);
      highs = start.bounds.upper.map((bound) => bound ?? Infinity);
      return answerOf("create", () => strategy.create(start));
    },
    populationSize(state) {
      const size = answerOf("populationSize", () => strategy.populationSize(state));
      if (!Number.isSafeInteger(size) || size < 1) {
        throw refuse(`populationSize must be a positive integer, received ${Deno.inspect(size)}`);
      }
      population ??= size;
      if (size === population) return size;
      throw refuse(`populationSize must stay ${population} in the whole run, received ${size}`);
    },
    ask(state, random, serial) {
      const draw = answerOf("ask", () => strategy.ask(state, random, serial));
      return drawn(answerOf("ask", () => structuredClone(draw)));
    },
    tell: (state, results) =>
      answerOf("tell", () => strategy.tell(state, structuredClone(results))),
    ...(answerOf("tellOne", () => strategy.tellOne) && {
      tellOne(state, result, staleness) {
        const answer = answerOf(
          "tellOne",
          () => strategy.tellOne!(state, structuredClone(result), staleness),
        );
        const { counts, updated } = answer ?? {};
        if (typeof counts === "boolean" && typeof updated === "boolean") return answer;
        throw refuse("tellOne must give state, counts and updated, the latter two true or false");
      },
    }),
    show(state) {
      const { sigma, axisRatio, mean } = answerOf("show", () => strategy.show(state)) ?? {};
      if (!Number.isFinite(sigma) || !Number.isFinite(axisRatio)) {
        throw refuse(
          `show must give sigma and axisRatio, received ${Deno.inspect(sigma)} and ` +
            Deno.inspect(axisRatio),
        );
      }
      if (mean === undefined) return { sigma, axisRatio };
      if (isPoint(mean, dimension)) return { sigma, axisRatio, mean: [...mean] };
      throw refuse(
        `show must give mean, if at all, as a list of ${dimension} finite numbers, received ` +
          Deno.inspect(mean, { breakLength: Infinity, iterableLimit: 5 }),
      );
    },
    ...(answerOf("converged", () => strategy.converged) && {
      converged(state) {
        const met = answerOf("converged", () => strategy.converged!(state));
        const isRecord = typeof met === "object" && met !== null;
        if (isRecord && Object.values(met).every((value) => typeof value === "number")) return met;
        throw refuse(`converged must give numbers by name, received ${Deno.inspect(met)}`);
      },
    }),
  };
}

function isPoint(value: unknown, dimension: number): boolean {
  return Array.isArray(value) && value.length === dimension &&
    value.every((coordinate) => Number.isFinite(coordinate));
}
