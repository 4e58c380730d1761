/**
 * `simulate`: a search on a virtual clock.
 *
 * @module
 */
import * as v from "valibot";
import { runCommandText } from "../command_text.ts";
import {
  checkOptions,
  choice,
  ConfigurationError,
  flagOf,
  integer,
  list,
  requireMeaning,
  text,
} from "../options.ts";
import { simulationSchema } from "../simulation/configuration.ts";
import { mixNames } from "../simulation/disasters/fault.ts";
import { wastedIn } from "../simulation/result.ts";
import { durationText } from "../duration.ts";
import { simulate, type SimulationResult, type SimulationRun } from "../simulation/mod.ts";
import { numbersOf, rehearseMany, rehearseOne } from "./simulate/disasters.ts";
import { sweepExpected } from "./sweep/axes.ts";
import { sweep } from "./sweep/sweep.ts";
import { type CommandLine, onStop, readCommandLine, runCommand } from "./terminal/command.ts";
import { Progress } from "./terminal/progress.ts";
import { layOut } from "./terminal/table.ts";

const schema = v.strictObject({
  ...simulationSchema.entries,
  sweep: v.optional(
    list(
      sweepExpected,
      "simulates all combinations and compares them, such as trainers=1,4,16 and mode=sync,async",
    ),
  ),
  repeats: v.optional(
    integer(1, 1000, "with --sweep: seeds of each combination, from --seed on"),
  ),
  out: v.optional(
    text("a path", "folder for the run; must not exist; if left out, nothing is written"),
  ),
  faults: v.optional(choice(mixNames, "rehearse disasters of these kinds, drawn from the seed")),
  swarm: v.optional(
    integer(1, 10_000_000, "rehearse so many random plans; --seed is the number of the first"),
  ),
  plan: v.optional(integer(0, 2 ** 32 - 1, "rehearse the plan of this number of a swarm")),
  only: v.optional(
    list("a list of numbers", "of the faults of a plan or of --faults, only these happen"),
  ),
});

export const commandLine: CommandLine = {
  name: "simulate",
  summary: "Simulate a search on a virtual clock: the actors are real, and trainers only wait.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  if (given.sweep !== undefined) {
    refuseTogether(given, "sweep", ["faults", "swarm", "plan", "only"]);
    return await startSweep(given, signal);
  }
  if (given.repeats !== undefined) {
    throw new ConfigurationError("Option --repeats means something only with --sweep");
  }
  const checked = checkOptions(schema, given, flagOf);
  const startedAt = performance.now();
  const {
    out: directory,
    faults: mix,
    swarm,
    plan,
    only,
    sweep: _sweep,
    repeats: _repeats,
    ...settled
  } = checked;
  if (swarm !== undefined || plan !== undefined || mix !== undefined || only !== undefined) {
    const result = await rehearseGiven(checked, given, signal);
    if (result) console.log(resultText(result, performance.now() - startedAt));
    return;
  }
  requireMeaning(schema.entries, given, settled, flagOf);
  const { dimension, ...settings } = settled;
  await using run = simulate({
    ...settings,
    // A recorded objective brings its own.
    ...(given.dimension === undefined ? {} : { dimension }),
    directory,
    signal,
  });
  const result = await watch(run).catch(
    onStop(directory === undefined ? "Nothing was written." : `What was done is in ${directory}.`),
  );
  console.log(resultText(result, performance.now() - startedAt));
}

/**
 * Rehearse what the options name.
 *
 * @returns The result of a single rehearsal.
 */
async function rehearseGiven(
  {
    out: directory,
    faults: mix,
    swarm,
    plan,
    only,
    seed,
    sweep: _sweep,
    repeats: _repeats,
    ...settled
  }: v.InferOutput<typeof schema>,
  given: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<SimulationResult | undefined> {
  refuseTogether(given, "swarm", ["plan", "only", "out"]);
  refuseTogether(given, "plan", ["seed"]);
  if (only && plan === undefined && mix === undefined) {
    throw new ConfigurationError("Option --only means something only with --plan or --faults");
  }
  // What was not given is drawn, or has its default.
  const settings = Object.fromEntries(
    Object.entries(settled).filter(([option]) => given[option] !== undefined),
  );
  const stopped = onStop("Nothing was written.");
  if (swarm !== undefined) {
    const wish = { plans: swarm, first: seed, changes: { mix, settings } };
    await rehearseMany(wish, signal).catch(stopped);
    return undefined;
  }
  const seeded = plan === undefined ? { ...settings, seed } : settings;
  const changes = { mix, settings: seeded, only: numbersOf(only) };
  return await rehearseOne({ plan, changes, directory }, signal).catch(stopped);
}

/** @throws {ConfigurationError} If an option was given with another one. */
function refuseTogether(
  given: Readonly<Record<string, unknown>>,
  option: string,
  others: readonly string[],
): void {
  const other = others.find((other) => given[other] !== undefined);
  if (given[option] === undefined || other === undefined) return;
  throw new ConfigurationError(`Option ${flagOf(other)} means nothing with ${flagOf(option)}`);
}

const sweepSchema = v.object({
  sweep: list(sweepExpected, ""),
  repeats: v.optional(schema.entries.repeats, 1),
  out: schema.entries.out,
});

async function startSweep(given: Readonly<Record<string, unknown>>, signal: AbortSignal) {
  const { sweep: _sweep, repeats: _repeats, out: _out, ...simulated } = given;
  const { sweep: items, repeats = 1, out: directory } = checkOptions(sweepSchema, given, flagOf);
  await sweep({ items, repeats, directory }, simulated, signal);
}

/** Follow a simulation to its end. */
async function watch(run: SimulationRun): Promise<SimulationResult> {
  let progress: Progress | undefined;
  let population = 0;
  try {
    for await (const event of run) {
      if (event.type === "started") {
        population = event.population;
        console.log(
          `${event.source}\n${event.generations} generations of ${population} candidates on ` +
            `${event.slots} simulated trainer${event.slots === 1 ? "" : "s"}` +
            `${event.directory === "" ? "" : `; files in ${event.directory}`}\n`,
        );
        progress = new Progress("simulation", event.evaluations);
      }
      if (event.type === "generation") progress?.advance(population);
      if (event.type === "ended") {
        progress?.print(`ended after generation ${event.generation}: ${event.reason}`);
      }
    }
    return await run.result;
  } finally {
    progress?.[Symbol.dispose]();
  }
}

/** The most generations that are shown. */
const MOST_ROWS = 10;

function resultText(result: SimulationResult, realMs: number): string {
  const { milestones, wasted, ages, queue, utilization, directory } = result;
  const last = milestones.length - 1;
  const rows = Math.min(MOST_ROWS, milestones.length);
  const shown = Array.from(
    { length: rows },
    (_, row) => milestones[rows === 1 ? 0 : Math.round(row * last / (rows - 1))]!,
  );
  const course = layOut([
    ["generation", "virtual time", "evaluations", "best value"],
    ...shown.map(({ generation, atMs, evaluations, best }) => [
      `${generation}`,
      durationText(atMs),
      `${evaluations}`,
      best === null ? "failed" : number(best),
    ]),
  ]);
  const lost = wastedIn(wasted);
  const outcome = layOut([
    ["what", "result"],
    ["virtual time", durationText(1000 * result.seconds)],
    ...(result.targetSeconds === null
      ? []
      : [["time to the target", durationText(1000 * result.targetSeconds)]]),
    ["utilisation of the trainers", utilization === null ? "-" : `${number(100 * utilization)} %`],
    ["evaluations begun", `${result.attempts}`],
    ["of these wasted", `${lost} (${number(100 * lost / Math.max(1, result.attempts))} %)`],
    ["· too late to count", `${wasted.late}`],
    ["· twice", `${wasted.duplicate}`],
    ["· lost with their trainer", `${wasted.lost}`],
    ["· unfinished at the end", `${wasted.unfinished}`],
    ["age of a result, mean and largest", `${number(ages.mean)}, ${ages.max}`],
    ["waiting for a trainer, mean and most", `${number(queue.mean)}, ${queue.max}`],
    ["restarts of trainers", `${result.restarts}`],
    ["value of the winner", number(result.value)],
  ]);
  const next = directory === null
    ? ""
    : `\n\nTo see it as a page:\n  ${runCommandText("report", directory)}`;
  return `${course}\n\n${outcome}\n\n${durationText(1000 * result.seconds)} in ` +
    `${durationText(realMs)} of real time.${next}`;
}

function number(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}

if (import.meta.main) await runCommand(main);
