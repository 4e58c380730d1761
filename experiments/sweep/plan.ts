/**
 * From a sweep to its simulations: all combinations, each with every seed, and what they are compared
 * with: one trainer alone, and trainers that do not fail.
 *
 * @module
 */
import { checkOptions, ConfigurationError, flagOf, requireMeaning } from "../../options.ts";
import { simulationSchema } from "../../simulation/configuration.ts";
import { prepareSimulation } from "../../simulation/prepare.ts";
import type { NamedSimulation } from "../../simulation/sweep/simulate_all.ts";
import type { SweptOption, SweptValue } from "./axes.ts";

/** What is to be simulated. */
export interface SweepPlan {
  readonly axes: readonly SweptOption[];
  /** In the order of the first option's values, then the second's, then the seeds. */
  readonly cells: readonly SweepCell[];
  /** Each of them once. */
  readonly simulations: readonly NamedSimulation[];
  /** Every option with its default, as all simulations have it. */
  readonly shared: Readonly<Record<string, unknown>>;
}

/** One row of a sweep. */
export interface SweepCell {
  /** Of the swept options, in their order. */
  readonly texts: readonly string[];
  readonly seed: number;
  /** Which of the simulations it is. */
  readonly simulation: number;
  /** Which one is the same with one trainer. */
  readonly alone: number;
  /** Which one is the same without failures: itself, if it has none. */
  readonly undisturbed: number;
}

/**
 * Plan a sweep, and check all that can be checked before anything is computed.
 *
 * @param given The options of the simulations that were given, but for the swept ones.
 * @param repeats How many seeds, from the given one on.
 * @throws {ConfigurationError} If a simulation cannot be.
 */
export async function planSweep(
  axes: readonly SweptOption[],
  given: Readonly<Record<string, unknown>>,
  repeats: number,
): Promise<SweepPlan> {
  const { entries } = simulationSchema;
  const swept = new Set(axes.map(({ option }) => option));
  const nameOf = (option: string) =>
    swept.has(option) ? `--sweep ${flagOf(option).slice(2)}` : flagOf(option);
  const simulations: NamedSimulation[] = [];
  const indices = new Map<string, number>();
  const indexOf = (simulation: NamedSimulation) => {
    const key = JSON.stringify(simulation.options);
    const index = indices.get(key) ?? simulations.push(simulation) - 1;
    indices.set(key, index);
    return index;
  };
  const cells: SweepCell[] = [];
  let shared: Record<string, unknown> = {};
  for (const combination of combinations(axes)) {
    const chosen = Object.fromEntries(
      axes.map(({ option }, index) => [option, combination[index]!.value]),
    );
    const options = { ...given, ...chosen };
    const texts = combination.map(({ text }) => text);
    const name = axes.map(({ option }, index) => `${flagOf(option).slice(2)}=${texts[index]}`).join(
      " ",
    );
    const settled = checkOptions(simulationSchema, options, nameOf);
    requireMeaning(entries, options, settled, nameOf);
    await requirePossible(name, options, nameOf);
    shared = Object.fromEntries(
      Object.entries(settled).filter(([option]) => !swept.has(option) && option !== "seed"),
    );
    for (let seed = settled.seed; seed < settled.seed + repeats; seed++) {
      const { dimension, ...checked } = checkOptions(
        simulationSchema,
        { ...options, seed },
        nameOf,
      );
      // A recorded objective brings its own.
      const own = options.dimension === undefined ? checked : { ...checked, dimension };
      const named = `${name} seed=${seed}`;
      cells.push({
        texts,
        seed,
        simulation: indexOf({ name: named, options: own }),
        alone: indexOf({ name: `${named} with one trainer`, options: { ...own, trainers: ["1"] } }),
        undisturbed: indexOf({
          name: `${named} without failures`,
          options: { ...own, mtbf: "none" },
        }),
      });
    }
  }
  return { axes, cells, simulations, shared };
}

/** @throws {ConfigurationError} If the options do not fit each other. */
async function requirePossible(
  name: string,
  options: Readonly<Record<string, unknown>>,
  nameOf: (option: string) => string,
) {
  try {
    await prepareSimulation(options);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`Cannot simulate ${name}: ${error.messageWith(nameOf)}`, {
      cause: error,
    });
  }
}

function combinations(axes: readonly SweptOption[]): SweptValue[][] {
  return axes.reduce<SweptValue[][]>(
    (begun, { values }) => begun.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  );
}
