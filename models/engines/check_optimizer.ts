import { type Optimizer, optimizerTable } from "../optimizers.ts";

/**
 * @throws {TypeError} If the optimiser is of no known kind, or has a constant that its kind has not.
 * @throws {RangeError} If a constant is missing or out of range.
 */
export function checkOptimizer(optimizer: Optimizer): void {
  const { kind, ...constants } = optimizer;
  if (!Object.hasOwn(optimizerTable, kind)) {
    const known = Object.keys(optimizerTable).join(", ");
    throw new TypeError(
      `Cannot create engine: expected an optimizer of kind ${known}, received "${kind}"`,
    );
  }
  const given = new Map<string, unknown>(Object.entries(constants));
  for (const [name, { what, contains }] of Object.entries(optimizerTable[kind].constants)) {
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
