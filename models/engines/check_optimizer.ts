import type { Optimizer } from "../optimizers.ts";

type Kind = Optimizer["kind"];

interface Range {
  readonly what: string;
  contains(value: number): boolean;
}

const share: Range = { what: "at least 0 and below 1", contains: (x) => x >= 0 && x < 1 };
const positive: Range = { what: "positive", contains: (x) => x > 0 && x < Infinity };
const notNegative: Range = { what: "0 or more", contains: (x) => x >= 0 && x < Infinity };

const ranges: Readonly<Record<Kind, Readonly<Record<string, Range>>>> = {
  sgd: { weightDecay: notNegative },
  momentum: { momentum: share, weightDecay: notNegative },
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
 * @throws {TypeError} If the optimiser is of no known kind.
 * @throws {RangeError} If a constant is missing or out of range.
 */
export function checkOptimizer(optimizer: Optimizer): void {
  const { kind } = optimizer;
  if (!Object.hasOwn(ranges, kind)) {
    throw new TypeError(
      `Cannot create engine: expected an optimizer of kind ${Object.keys(ranges).join(", ")}, ` +
        `received "${kind}"`,
    );
  }
  const constants = optimizer as unknown as Readonly<Record<string, number>>;
  for (const [name, { what, contains }] of Object.entries(ranges[kind])) {
    if (contains(constants[name]!)) continue;
    throw new RangeError(
      `Cannot create engine: ${name} of ${kind} must be ${what}, received ${constants[name]}`,
    );
  }
}
