/**
 * Makes a plan that breaks an invariant smaller, until nothing more can be left out.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { Breach } from "./invariants.ts";
import type { Settings } from "./draw_settings.ts";
import { drawPlan, type PlanChanges } from "./plan.ts";
import { rehearse, type RehearseOptions } from "./rehearse.ts";

/** A plan that is small, and what it breaks. */
export interface Shrunk {
  /** What is not as it was drawn. */
  readonly changes: PlanChanges;
  readonly breach: Breach;
}

/** More rehearsals are not tried. */
const MOST_TRIALS = 500;

/** Simpler choices of options, the simplest of each first. */
const SIMPLER: { readonly [Option in keyof Settings]?: readonly NonNullable<Settings[Option]>[] } =
  {
    generations: [1, 2, 3],
    trainers: [["1"], ["2"], ["3"]],
    finalistRepeats: [0, 1],
    finalists: [1],
    population: [2, 3, 4],
    mode: ["sync"],
    staleness: ["mix"],
    dimension: [1],
    objective: ["sphere"],
    strategy: ["cma-es"],
    latency: ["0ms"],
    mtbf: ["none"],
    stragglers: ["none"],
    cost: ["constant:1s", "constant:60s"],
    target: [-1],
  };

/**
 * Make a plan smaller that breaks an invariant: fewer faults, and simpler settings. What is left breaks
 * the same invariant.
 *
 * @param number Of the plan.
 * @param changes What of it is not as it was drawn.
 * @throws {Error} If it breaks nothing.
 */
export async function shrink(
  number: number,
  changes: PlanChanges,
  options: RehearseOptions = {},
): Promise<Shrunk> {
  let trials = 0;
  /** What breaks in a plan; `undefined` if nothing does, or it is no plan. */
  async function breachOf(changes: PlanChanges): Promise<Breach | undefined> {
    trials++;
    try {
      return (await rehearse(await drawPlan(number, changes), options)).breach;
    } catch (error) {
      if (error instanceof ConfigurationError) return undefined;
      throw error;
    }
  }
  const breach = await breachOf(changes);
  if (!breach) throw new Error(`Cannot make plan ${number} smaller: it breaks nothing`);
  let smallest: Shrunk = { changes, breach };

  /** Takes a smaller plan, if it breaks the same. */
  async function take(changes: PlanChanges): Promise<boolean> {
    if (trials >= MOST_TRIALS) return false;
    const breach = await breachOf(changes);
    if (breach?.invariant !== smallest.breach.invariant) return false;
    smallest = { changes, breach };
    return true;
  }

  /** Leaves out faults: half of them, a quarter, and so on, down to each. */
  async function fewerFaults(): Promise<void> {
    const all = (await drawPlan(number, changes)).faults.map(({ number }) => number);
    let only = smallest.changes.only ?? all;
    for (let size = only.length; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at < only.length;) {
        const fewer = only.toSpliced(at, size);
        if (await take({ ...smallest.changes, only: fewer })) only = fewer;
        else at += size;
      }
    }
  }

  async function simplerSettings(): Promise<void> {
    for (const [option, choices] of Object.entries(SIMPLER)) {
      const { settings } = await drawPlan(number, smallest.changes);
      const present = settings[option as keyof Settings];
      if (present === undefined) continue;
      for (const choice of choices) {
        if (`${choice}` === `${present}`) break;
        if (Number(choice) > Number(present)) continue;
        const simpler = { ...smallest.changes.settings, [option]: choice };
        if (await take({ ...smallest.changes, settings: simpler })) break;
      }
    }
  }

  for (let before = ""; before !== JSON.stringify(smallest.changes);) {
    before = JSON.stringify(smallest.changes);
    await fewerFaults();
    await simplerSettings();
  }
  return smallest;
}
