/**
 * Rehearsed disasters on the command line: one plan, or a swarm of them.
 *
 * @module
 */
import { commandText } from "../../command_text.ts";
import { ConfigurationError, flagOf } from "../../options.ts";
import type { Settings } from "../../simulation/disasters/draw_settings.ts";
import {
  describeFault,
  type Fault,
  type FaultKind,
  faultName,
  kindsIn,
} from "../../simulation/disasters/fault.ts";
import { describeBreach } from "../../simulation/disasters/invariants.ts";
import {
  drawPlan,
  type Plan,
  type PlanChanges,
  planOf,
  preparePlan,
} from "../../simulation/disasters/plan.ts";
import { rehearse, type Rehearsed } from "../../simulation/disasters/rehearse.ts";
import { FOLDER } from "../../simulation/disasters/search_process.ts";
import { shrink } from "../../simulation/disasters/shrink.ts";
import { runSwarm } from "../../simulation/disasters/swarm.ts";
import { durationText } from "../../duration.ts";
import type { SimulationResult } from "../../simulation/mod.ts";
import { CommandFailed } from "../terminal/command.ts";
import { OutputFolder } from "../sweep/output_folder.ts";
import { Progress } from "../terminal/progress.ts";

/** What is rehearsed. */
export interface Rehearsing {
  /** The number of a drawn plan. Default: the settings are the plan. */
  readonly plan?: number | undefined;
  readonly changes: PlanChanges & { readonly settings: Settings };
  /** Folder for the run; must not exist. Default: nothing is written. */
  readonly directory?: string | undefined;
}

/**
 * Rehearse one plan, and say what happened.
 *
 * @returns The result, if not all candidates failed.
 * @throws {CommandFailed} If an invariant does not hold.
 */
export async function rehearseOne(
  { plan: number, changes, directory }: Rehearsing,
  signal: AbortSignal,
): Promise<SimulationResult | undefined> {
  const { settings, mix, only } = changes;
  const plan = number === undefined
    ? await planOf(settings, { mix, only })
    : await drawPlan(number, changes);
  await preparePlan(plan, signal);
  using folder = directory === undefined ? undefined : new OutputFolder(directory);
  if (number !== undefined) console.log(`Plan ${number}: ${settingsText(plan.settings)}\n`);
  console.log(plan.faults.length === 0 ? "Nothing goes wrong.\n" : `${faultsText(plan.faults)}\n`);
  const rehearsed = await watched(plan, signal);
  const { disk, breach, result, processes } = rehearsed;
  folder?.keep(() => {
    for (const path of disk.paths) {
      Deno.writeFileSync(folder.file(path.slice(FOLDER.length + 1)), disk.content(path));
    }
  });
  if (breach) throw new CommandFailed(`An invariant does not hold: ${describeBreach(breach)}`);
  console.log(`All invariants held: ${totalsText(rehearsed)}, in ${durationText(rehearsed.ms)}.\n`);
  if (!result) {
    console.log("All candidates failed.");
    return undefined;
  }
  if (processes > 1) console.log(`Of the last of ${processes} processes:\n`);
  return { ...result, directory: directory ?? null };
}

/** Rehearses with a progress bar. */
async function watched(plan: Plan, signal: AbortSignal): Promise<Rehearsed> {
  let progress: Progress | undefined;
  try {
    return await rehearse(plan, {
      signal,
      onEvent: (event) => {
        if (event.type === "started") progress ??= new Progress("rehearsal", event.evaluations);
        if (event.type === "evaluated") progress?.advance();
      },
    });
  } finally {
    progress?.[Symbol.dispose]();
  }
}

/** A swarm on the command line. */
export interface SwarmWish {
  readonly plans: number;
  /** The number of the first. */
  readonly first: number;
  readonly changes: PlanChanges & { readonly settings: Settings };
}

/**
 * Rehearse many plans, and say which one breaks an invariant.
 *
 * @throws {CommandFailed} If one does.
 */
export async function rehearseMany(
  { plans, first, changes }: SwarmWish,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const totals = { plans: 0, processes: 0, evaluations: 0, faults: {} as Counts };
  let broken: number | undefined;
  {
    using progress = new Progress("swarm", plans);
    broken = await runSwarm({
      first,
      plans,
      changes,
      signal,
      onPlan: ({ processes, evaluations, faults }) => {
        totals.plans++;
        totals.processes += processes;
        totals.evaluations += evaluations;
        add(totals.faults, faults);
        progress.advance();
      },
    });
  }
  const seconds = durationText(performance.now() - startedAt);
  const text = `${totals.plans} plans from ${first} on: ${totalsText(totals)}, in ${seconds}`;
  if (broken === undefined) return console.log(`All invariants held in ${text}.`);
  console.log(`${text}.\n\nPlan ${broken} breaks an invariant. It is made smaller ...\n`);
  const small = await shrink(broken, changes, { signal });
  const { faults } = await drawPlan(broken, small.changes);
  console.log(
    `${describeBreach(small.breach)}\n\n` +
      (faults.length === 0 ? "" : `${faultsText(faults)}\n\n`) +
      `To see it again:\n  ${planCommand(broken, small.changes)}\n`,
  );
  throw new CommandFailed(`Plan ${broken} breaks the invariant ${small.breach.invariant}`);
}

/** The command that rehearses a plan. */
export function planCommand(plan: number, { settings = {}, mix, only }: PlanChanges): string {
  const options = Object.entries(settings).flatMap((
    [option, value],
  ) => [flagOf(option), `${value}`]);
  const isNone = only?.length === 0;
  const faults = isNone ? "none" : mix;
  return commandText("simulate", [
    "--plan",
    `${plan}`,
    ...options,
    ...(faults === undefined ? [] : ["--faults", faults]),
    ...(only === undefined || isNone ? [] : ["--only", only.join(",")]),
  ]);
}

/** The numbers of faults that `--only` names. */
export function numbersOf(only: readonly string[] | undefined): readonly number[] | undefined {
  const wrong = only?.find((text) => !/^\d{1,9}$/.test(text));
  if (wrong === undefined) return only?.map(Number);
  throw new ConfigurationError(`Option --only must be a list of numbers, received "${wrong}"`);
}

type Counts = Partial<Record<FaultKind, number>>;

function add(counts: Counts, more: Readonly<Counts>): void {
  for (const [kind, count] of Object.entries(more) as [FaultKind, number][]) {
    counts[kind] = (counts[kind] ?? 0) + count;
  }
}

function totalsText(
  { processes, evaluations, faults }: Pick<Rehearsed, "processes" | "evaluations" | "faults">,
): string {
  const kinds = kindsIn("all").flatMap((kind) =>
    faults[kind] === undefined ? [] : [[kind, faults[kind]] as const]
  );
  const sum = kinds.reduce((total, [, count]) => total + count, 0);
  const each = kinds.map(([kind, count]) => `${faultName(kind)} ${count}`).join(", ");
  return `${evaluations} evaluations by ${processes} process${processes === 1 ? "" : "es"}, ` +
    `${sum} fault${sum === 1 ? "" : "s"}${sum === 0 ? "" : ` (${each})`}`;
}

function faultsText(faults: Plan["faults"]): string {
  const width = `${faults.at(-1)!.number}`.length;
  return faults
    .map((fault: Fault) => `  ${`${fault.number}`.padStart(width)}  ${describeFault(fault)}`)
    .join("\n");
}

function settingsText(settings: Settings): string {
  return Object.entries(settings).map(([option, value]) => `${flagOf(option)} ${value}`).join(" ");
}
