import type { Optimizer } from "../optimizers.ts";

type Kind = Optimizer["kind"];

interface Range {
  readonly what: string;
  contains(value: unknown): boolean;
}

function numbers(what: string, contains: (value: number) => boolean): Range {
  return { what, contains: (value) => typeof value === "number" && contains(value) };
}

// Updates are computed with 32 bits, in which 1e-50 is 0 and 0.99999999 is 1.
const f32 = Math.fround;
const share = numbers("at least 0 and below 1", (x) => x >= 0 && f32(x) < 1);
const positive = numbers("positive", (x) => f32(x) > 0 && f32(x) < Infinity);
const notNegative = numbers("0 or more", (x) => x >= 0 && f32(x) < Infinity);
const yesOrNo: Range = { what: "true or false", contains: (x) => typeof x === "boolean" };

const ranges: Readonly<Record<Kind, Readonly<Record<string, Range>>>> = {
  sgd: { weightDecay: notNegative },
  momentum: { momentum: share, nesterov: yesOrNo, weightDecay: notNegative },
  adam: { beta1: share, beta2: share, epsilon: positive, decoupledWeightDecay: notNegative },
  rmsprop: { decay: share, epsilon: positive },
  adabound: {
    beta1: share,
    beta2: share,
    epsilon: positive,
    finalLearningRate: positive,
    baseLearningRate: positive,
    gamma: positive,
  },
};

/**
 * @throws {TypeError} If the optimiser is of no known kind, or has a constant that its kind has not.
 * @throws {RangeError} If a constant is missing or out of range.
 */
export function checkOptimizer(optimizer: Optimizer): void {
  const { kind, ...constants } = optimizer;
  if (!Object.hasOwn(ranges, kind)) {
    throw new TypeError(
      `Cannot create engine: expected an optimizer of kind ${Object.keys(ranges).join(", ")}, ` +
        `received "${kind}"`,
    );
  }
  const given = new Map<string, unknown>(Object.entries(constants));
  for (const [name, { what, contains }] of Object.entries(ranges[kind])) {
    if (!contains(given.get(name))) {
      throw new RangeError(
        `Cannot create engine: ${name} of ${kind} must be ${what}, received ${given.get(name)}`,
      );
    }
    given.delete(name);
  }
  for (const name of given.keys()) {
    throw new TypeError(`Cannot create engine: ${kind} has no constant ${name}`);
  }
}
