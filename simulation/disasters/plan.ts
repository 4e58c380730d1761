/**
 * Random plans: what a simulation is like and what goes wrong in it, from one number.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { deriveSeed, Random } from "../../random.ts";
import { PLAN_STREAMS } from "../../random_streams.ts";
import type { SimulationSettings } from "../configuration.ts";
import { type PreparedSimulation, prepareSimulation } from "../prepare.ts";
import { drawFaults } from "./draw_faults.ts";
import { type Fault, type Mix, mixNames } from "./fault.ts";

/** Options of a simulation. */
export type Settings = {
  -readonly [Option in keyof SimulationSettings]?: SimulationSettings[Option];
};

/** What is rehearsed. */
export interface Plan {
  readonly settings: Settings;
  /** The parts of an evaluation. Default: as the settings have them. */
  readonly parts?: readonly string[] | undefined;
  /** In the order of their times. */
  readonly faults: readonly Fault[];
}

/**
 * A simulation as a plan has it.
 *
 * @throws {ConfigurationError} If the settings cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function preparePlan(
  { settings, parts }: Pick<Plan, "settings" | "parts">,
  signal?: AbortSignal,
): Promise<PreparedSimulation> {
  const prepared = await prepareSimulation(settings, signal);
  return parts ? { ...prepared, parts } : prepared;
}

/** What of a plan is not as it was drawn. */
export interface PlanChanges {
  /** Options in the place of drawn ones. */
  readonly settings?: Settings;
  /** Default: is drawn. */
  readonly mix?: Mix | undefined;
  /** The numbers of the faults that happen. Default: all of them. */
  readonly only?: readonly number[] | undefined;
}

/**
 * The plan of a number.
 *
 * @throws {ConfigurationError} If the options that are given do not fit the drawn ones.
 */
export async function drawPlan(number: number, changes: PlanChanges = {}): Promise<Plan> {
  const { settings: drawn, parts } = drawSettings(number);
  const mix = changes.mix ?? drawMix(number);
  const faults = drawFaults(await preparePlan({ settings: drawn, parts }), mix);
  const settings = changedSettings(drawn, changes.settings ?? {});
  return { settings, parts, faults: onlyThese(faults, changes.only) };
}

/**
 * A plan for a simulation of one's own: its seed decides the faults.
 *
 * @throws {ConfigurationError} If the settings cannot be used, or there are not so many faults.
 */
export async function planOf(
  settings: Settings,
  { mix, only }: Required<Pick<PlanChanges, "mix" | "only">>,
): Promise<Plan> {
  const faults = drawFaults(await prepareSimulation(settings), mix ?? "none");
  return { settings, faults: onlyThese(faults, only) };
}

/** @throws {ConfigurationError} If a number is not that of a fault. */
function onlyThese(faults: readonly Fault[], only: PlanChanges["only"]): readonly Fault[] {
  const unknown = only?.find((number) => !(number >= 1 && number <= faults.length));
  if (unknown === undefined) {
    return only ? faults.filter(({ number }) => only.includes(number)) : faults;
  }
  throw new ConfigurationError(
    faults.length === 0
      ? `Option only means nothing here: the plan has no faults, received ${unknown}`
      : `Option only must be numbers of the ${faults.length} faults of the plan, from 1 on, received ` +
        `${unknown}`,
  );
}

/** Drawn options with some others; what means nothing with these is left out. */
export function changedSettings(drawn: Settings, given: Settings): Settings {
  const settings = { ...drawn };
  const { mode, staleness, strategy } = { ...drawn, ...given };
  if (mode !== "async") delete settings.staleness;
  if (mode !== "async" || staleness !== "drop") delete settings.maxAge;
  if (mode === "async" || (strategy ?? "cma-es") !== "cma-es") delete settings.restarts;
  return { ...settings, ...given };
}

function drawMix(number: number): Mix {
  const random = new Random(deriveSeed(number, PLAN_STREAMS.mix));
  return random.uniform() < 0.5 ? "all" : mixNames[random.integer(mixNames.length)]!;
}

/** Small searches, in which everything happens that happens in large ones. */
function drawSettings(number: number): Required<Omit<Plan, "faults">> {
  const random = new Random(deriveSeed(number, PLAN_STREAMS.settings));
  const chance = (share: number) => random.uniform() < share;
  const between = (low: number, high: number) => low + random.integer(high - low + 1);
  const oneOf = <T>(values: readonly T[]) => values[random.integer(values.length)]!;
  const isWide = chance(0.03);
  const mode = oneOf(["sync", "async"] as const);
  const population = isWide ? 150 : between(2, 8);
  const generations = isWide ? 1 : between(1, 5);
  const mostTrainers = mode === "sync" ? population : population * generations;
  const seconds = oneOf([1, 10, 60]);
  const settings: Settings = {
    seed: number,
    mode,
    population,
    generations,
    dimension: between(1, 5),
    trainers: drawTrainers(isWide ? between(110, 150) : between(1, Math.min(6, mostTrainers))),
    objective: oneOf(["sphere", "ellipsoid", "rastrigin"]),
    cost: oneOf([
      `constant:${seconds}s`,
      `uniform:${seconds}s,${3 * seconds}s`,
      `exponential:${seconds}s`,
      `lognormal:${seconds}s,1`,
    ]),
    latency: oneOf(["0ms", "0ms", "5ms", "200ms"]),
    lease: oneOf(["10s", "60s", "5m"]),
    maxAttempts: between(1, 4),
    finalists: between(1, 3),
    finalistRepeats: between(0, 2),
  };
  if (mode === "async") settings.staleness = oneOf(["drop", "mix", "reweight"]);
  if (settings.staleness === "drop") settings.maxAge = between(0, 2);
  if (chance(0.1)) settings.strategy = "random";
  const mayRestart = mode === "sync" && settings.strategy === undefined;
  if (mayRestart && chance(0.1)) settings.restarts = oneOf(["ipop", "bipop"]);
  if (chance(0.2)) settings.stragglers = "0.2,10";
  if (chance(0.2)) settings.mtbf = `${seconds * oneOf([3, 10, 30])}s`;
  if (chance(0.2)) settings.target = 10 ** (random.uniform() * 4 - 2);
  return { settings, parts: chance(0.3) ? ["measure", "score"] : ["measure"] };

  /** Some are slower than others now and then. */
  function drawTrainers(count: number): readonly string[] {
    if (count < 2 || chance(0.7)) return [`${count}`];
    const slow = between(1, count - 1);
    return [`${count - slow}xfast:1`, `${slow}xslow:0.3`];
  }
}
