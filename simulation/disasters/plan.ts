/**
 * Random plans: what a simulation is like and what goes wrong in it, from one number.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { deriveSeed, Random } from "../../random.ts";
import { PLAN_STREAMS } from "../../random_streams.ts";
import { type PreparedSimulation, prepareSimulation } from "../prepare.ts";
import { drawFaults } from "./draw_faults.ts";
import { drawSettings, type Settings } from "./draw_settings.ts";
import { type Fault, type Mix, mixNames } from "./fault.ts";

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
  return requireEnd({ settings, parts, faults: onlyThese(faults, changes.only) });
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
  return requireEnd({ settings, faults: onlyThese(faults, only) });
}

/** @throws {ConfigurationError} If a number is not that of a fault. */
function onlyThese(faults: readonly Fault[], only: PlanChanges["only"]): readonly Fault[] {
  const unknown = only?.find((number) => !(number >= 1 && number <= faults.length));
  if (unknown === undefined) {
    return only ? faults.filter(({ number }) => only.includes(number)) : faults;
  }
  throw new ConfigurationError(
    (nameOf) =>
      faults.length === 0
        ? `Option ${nameOf("only")} means nothing here: the plan has no faults, received ${unknown}`
        : `Option ${
          nameOf("only")
        } must be numbers of the ${faults.length} faults of the plan, from 1 on, received ` +
          `${unknown}`,
  );
}

/** @throws {ConfigurationError} If a trainer would hang for ever. */
function requireEnd(plan: Plan): Plan {
  const hangs = plan.faults.some(({ kind }) => kind === "hang" || kind === "late");
  if (plan.settings.lease !== "none" || !hangs) return plan;
  throw new ConfigurationError(
    (nameOf) =>
      `Option ${
        nameOf("lease")
      } must be a duration where trainers hang, received none: they would never be replaced`,
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
