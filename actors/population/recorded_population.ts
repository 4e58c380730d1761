/**
 * A population search with its files: it begins or continues a run on disk, and tells those who
 * watch it what happens.
 *
 * @module
 */
import { ConfigurationError, type OptionSchemas } from "../../options.ts";
import { Journal, type JournalContents, readJournal } from "../record/journal.ts";
import { Log } from "../record/log.ts";
import { requireOwnJournal } from "../record/own_journal.ts";
import type { Missed } from "./event_queue.ts";
import { type PopulationOptions, runPopulation } from "./population.ts";
import type { Evaluated, GenerationDone, Winner } from "../record/facts.ts";
import { readText } from "../record/read_text.ts";
import { addRow, replay } from "./replay.ts";
import { busyMs, type RecordedEvent } from "./recorder.ts";
import { RunStopped, type RunWork } from "./run.ts";
import { runCommandText } from "../../command_text.ts";
import type { ConfigurationFile, RunDirectory } from "../record/run_directory.ts";
import { diskFiles, type RunFiles } from "../record/run_files.ts";
import { type Clock, type Placement, systemClock } from "../runtime/mod.ts";
import { requireSame } from "../record/same_run.ts";
import type { RunSummary } from "../record/summary.ts";
import type { SearchPlan, SearchProgress } from "./search_progress.ts";
import { endedNow, TOLD_TO_FINISH } from "./stopper.ts";
import { Tables } from "../record/tables.ts";
import { openTrace } from "../record/tracing.ts";

/** What a population search tells while it runs. */
export type PopulationEvent =
  /** Everything was checked; actors are starting. */
  | {
    readonly type: "started";
    readonly directory: string;
    /** Which data is used, in words. */
    readonly source: string;
    readonly generations: number;
    readonly population: number;
    readonly slots: number;
    /** Evaluations planned in all, and done by an earlier process. */
    readonly evaluations: number;
    readonly done: number;
    /** Bytes at the journal's end that were not written whole, and were cut off. */
    readonly tornBytes: number;
  }
  /** An evaluation has ended. Fitness is to be maximised; `null` if it failed or was pruned. */
  | {
    readonly type: "evaluated";
    readonly generation: number;
    readonly candidate: number;
    /** 0 in the search, 1, 2, ... for a finalist's fresh seeds. */
    readonly repeat: number;
    readonly status: "ok" | "failed" | "pruned";
    readonly fitness: number | null;
    /** Why it failed or was pruned. */
    readonly reason: string | null;
  }
  /** The distribution was updated. */
  | ({ readonly type: "generation" } & Omit<GenerationDone, "type">)
  /** The search ends early, after this generation, `null` before the first one; finalists follow. */
  | { readonly type: "ended"; readonly generation: number | null; readonly reason: string }
  /** A trainer or scorer ended and is started again; its candidate is given to another. */
  | { readonly type: "lost"; readonly actor: string; readonly reason: string }
  /** What becomes of workers on other hosts, and of what connects them, in words. */
  | { readonly type: "workers"; readonly text: string }
  /** Events were dropped here: whoever iterates was slower than they came. */
  | Missed;

/** The folder of a run as it is written. */
export type RunFolder = Pick<
  RunDirectory,
  "path" | "id" | "file" | "writeConfiguration" | "writeJson"
>;

/** What a simulated run has in the place of the machine's. */
export interface SimulatedRun {
  readonly clock: Clock;
  readonly files: RunFiles;
  /** Of recorder, updater and sampler. */
  readonly controlPlacement: Placement;
  /** What `summary.json` says besides. */
  readonly facts: () => object;
}

/** What {@linkcode recordPopulation} needs beyond {@linkcode PopulationOptions}. */
export interface RecordedPopulationOptions<Best> extends
  RunWork<PopulationEvent, Best>,
  Pick<
    PopulationOptions,
    | "terms"
    | "stoppers"
    | "pruner"
    | "devices"
    | "placement"
    | "remote"
    | "maxAttempts"
    | "leaseMs"
  > {
  readonly kind: ConfigurationFile["kind"];
  readonly plan: SearchPlan;
  /** Of the plan, and new. */
  readonly progress: SearchProgress;
  /** What options such a run has. */
  readonly entries: OptionSchemas;
  /** Every option: what `config.json` holds. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What the files were that the options name: the journal begins with it and with the options. */
  readonly contents: Readonly<Record<string, unknown>>;
  /** The names of the terms of the fitness that are the user's own. Default: none. */
  readonly ownTerms?: readonly string[];
  readonly folder: RunFolder;
  /** Of a simulated run. Default: it is a real one. */
  readonly simulation?: SimulatedRun;
  /** Continue what is in the folder's journal, or only name its winner. */
  readonly how: "begin" | "resume" | "finish";
  readonly source: string;
  /** What `best.json` says of a winner. */
  readonly describeBest: (winner: Winner) => Best;
}

/**
 * Run or continue a search, and leave its files whole however it ends. What cannot be continued is
 * refused before anything in the folder is changed.
 *
 * @throws {RunStopped} If the signal was aborted.
 * @throws {ConfigurationError} If all candidates failed, the journal is not that of the run or was
 * begun with something else, the run's files were taken away, or it is only to name its winner and
 * cannot.
 * @throws {SyntaxError} If the journal is damaged.
 */
export async function recordPopulation<Best>(
  options: RecordedPopulationOptions<Best>,
): Promise<Winner> {
  const { plan, progress, folder, how, source, emit, devices, remote, describeBest } = options;
  const { simulation } = options;
  const { clock, files } = simulation ?? { clock: systemClock, files: diskFiles };
  const startedAt = clock.now();
  const begun = { ...options.configuration, ...options.contents };
  const counts: Counts = {
    evaluations: 0,
    failed: 0,
    pruned: 0,
    reason: null,
    busyMs: 0,
    peakBytes: 0,
  };
  const path = folder.file("journal.jsonl");
  const contents = how === "begin" ? NOTHING : await readJournal(path, files);
  if (how !== "begin") requireOwnJournal(contents, folder, files);
  requireSame(contents, begun, folder.path, options.entries);
  const { rows, ...replayed } = replay(contents, progress, options.stoppers);
  const { toEnd } = replayed;
  let { winner, ended } = replayed;
  if (how === "finish") requireFinishable(winner, progress, folder);
  folder.writeConfiguration(options.kind, source, options.configuration);
  await using opened = new AsyncDisposableStack();
  // What an earlier process wrote is on the disk before it is shown.
  const journal = opened.use(await Journal.open(path, contents, files));
  using tables = new Tables(folder.path, progress.population, options.ownTerms, files);
  for (const row of rows) {
    addRow(tables, row);
    if (row.type === "Evaluated") count(row, counts);
  }
  tables.flush();
  emit({
    type: "started",
    directory: folder.path,
    source,
    generations: plan.generations,
    population: progress.population,
    slots: devices.length,
    evaluations: progress.evaluationsPlanned,
    done: counts.evaluations,
    tornBytes: contents.tornBytes,
  });
  counts.busyMs = 0;
  let busy = 0;
  options.showWith(() => {
    const { generation, generations, best, evaluationsPlanned } = progress;
    const { mean = null, sigma, axisRatio } = progress.shown;
    const shown = winner ?? best;
    return {
      state: progress.searched ? "finalists" : "searching",
      generation,
      generations,
      evaluations: counts.evaluations,
      evaluationsPlanned,
      best: shown && describeBest(shown),
      distribution: { mean, sigma, axisRatio },
      slots: devices.length + (remote?.open ?? 0),
      busy,
    };
  });
  const summarize = (status: RunSummary["status"]) => {
    const wallMs = clock.now() - startedAt;
    const slotMs = devices.length * wallMs + (remote?.openMs ?? 0);
    folder.writeJson(
      "summary.json",
      {
        status,
        source,
        generations: progress.generation,
        ended,
        evaluations: counts.evaluations,
        failed: counts.failed,
        ...(options.pruner && { pruned: counts.pruned }),
        duplicates: progress.duplicates,
        wallSeconds: round(wallMs / 1000, 2),
        slots: devices.length + (remote?.mostOpen ?? 0),
        utilization: round(counts.busyMs / Math.max(1, slotMs), 4),
        ...(simulation
          ? { simulated: true, ...simulation.facts() }
          : { peakMemoryMiB: round(counts.peakBytes / 2 ** 20, 0) }),
      } satisfies RunSummary,
    );
  };
  const trace = simulation ? undefined : await openTrace();
  const onEvent = (event: RecordedEvent): void => {
    if (event.type === "GenerationDone") return emit({ ...event, type: "generation" });
    if (event.type === "Ended") {
      ended = event.reason;
      return emit({ type: "ended", generation: event.generation, reason: event.reason });
    }
    count(event, counts);
    if (!simulation) counts.peakBytes = Math.max(counts.peakBytes, Deno.memoryUsage().rss);
    trace?.(event);
    const { generation, candidate, repeat, status, fitness, reason } = event;
    emit({ type: "evaluated", generation, candidate, repeat, status, fitness, reason });
  };
  try {
    await using _closedBeforeTables = opened.move();
    if (contents.events.length === 0) {
      journal.append({ type: "Begun", run: folder.id, configuration: begun });
    }
    if (toEnd) {
      winner = progress.end().winner;
      journal.append(toEnd);
      journal.whenSynced(() => onEvent(toEnd));
    }
    using log = new Log(folder.file("log.jsonl"), files, clock);
    const isFinishing = how === "finish" || options.finishing.aborted;
    if (isFinishing && !progress.searched && progress.best) {
      const event = endedNow(progress, TOLD_TO_FINISH);
      journal.append(event);
      journal.whenSynced(() => onEvent(event));
      winner = progress.end().winner;
    }
    for (const finalist of progress.finalistsToStart) {
      progress.sampled(finalist);
      journal.append(finalist);
    }
    if (winner === undefined) {
      winner = await runPopulation({
        ...options,
        clock,
        ...(simulation && { controlPlacement: simulation.controlPlacement }),
        seed: plan.seed,
        seeds: plan.seeds,
        mode: plan.mode,
        strategy: plan.strategy,
        progress,
        journal,
        tables,
        onEvent,
        onSystemEvent: (event) => {
          // Those that stand for slots elsewhere are always there: that is no news.
          const isStandIn = (event.type === "started" || event.type === "exited") &&
            event.actor.startsWith("remote/");
          if (!isStandIn) log.add(event);
        },
        onLost: (actor, reason) => emit({ type: "lost", actor, reason }),
        onWorkers: (text) => {
          log.add({
            type: "log",
            at: clock.now(),
            level: "info",
            actor: "remote",
            text,
            fields: {},
          });
          emit({ type: "workers", text });
        },
        onBusy: (slots) => busy = slots,
      }).finally(() => busy = 0);
    }
    await journal.flushed();
    tables.finish();
    if (winner === null) {
      throw new ConfigurationError(
        `Cannot find a winner: all ${counts.failed + counts.pruned} candidates failed` +
          `${counts.pruned > 0 ? " or were pruned" : ""}, the last one with: ${counts.reason}`,
      );
    }
  } catch (error) {
    try {
      tables.finish();
      summarize(error instanceof RunStopped ? "stopped" : "failed");
    } catch (other) {
      // What cannot be written now, a resume writes; the first error says why.
      if (error instanceof RunStopped) throw other;
    }
    throw error;
  }
  folder.writeJson("best.json", describeBest(winner));
  await remote?.retire();
  summarize("finished");
  return winner;
}

/** @throws {ConfigurationError} If there is nothing to be finished in a run. */
function requireFinishable(
  winner: Winner | null | undefined,
  progress: SearchProgress,
  folder: RunFolder,
): void {
  if (winner && readText(folder.file("best.json")) !== "") {
    throw new ConfigurationError(
      `Cannot finish the run in ${folder.path}: it is done, and best.json has its winner`,
    );
  }
  if (progress.best) return;
  throw new ConfigurationError(
    `Cannot finish the run in ${folder.path}: no candidate has a result; to go on: ` +
      runCommandText("resume", folder.path),
  );
}

const NOTHING: JournalContents = { events: [], wholeBytes: 0, tornBytes: 0 };

/** What is counted over the evaluations of a run. */
interface Counts {
  evaluations: number;
  failed: number;
  pruned: number;
  /** Of the last one that failed or was pruned. */
  reason: string | null;
  busyMs: number;
  peakBytes: number;
}

function count(event: Evaluated, counts: Counts): void {
  counts.evaluations++;
  if (event.status !== "ok") {
    counts[event.status]++;
    counts.reason = event.reason;
  }
  counts.busyMs += busyMs(event);
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
