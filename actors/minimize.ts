/**
 * The same population search over any objective: CMA-ES whose evaluations run in parallel, survive
 * crashes, and are written to a journal.
 *
 * @module
 */
import { checkOptions, ConfigurationError, requireMeaning, withoutDefaults } from "../options.ts";
import { type Need, requirePermissions } from "../permissions.ts";
import { folderNeeds, moduleNeeds, newFolderNeeds, processNeeds } from "./needs.ts";
import { checkPart } from "./own/check_part.ts";
import {
  type MinimizeConfiguration,
  minimizeSchema,
  type PopulationSettings,
} from "./configuration.ts";
import { type Minimum, minimumOf } from "./record/minimum.ts";
import { moduleContent } from "./own/module_sha256.ts";
import type { Pruner } from "./population/pruner.ts";
import {
  type PopulationEvent,
  type RecordedPopulationOptions,
  recordPopulation,
} from "./population/recorded_population.ts";
import { Run, type RunWork } from "./population/run.ts";
import { defaultDirectory } from "./record/default_directory.ts";
import { RunDirectory } from "./record/run_directory.ts";
import { requireNoFewer, requireNoGenerations } from "./record/same_run.ts";
import { natsNeeds, type NatsOptions } from "./remote/nats_options.ts";
import { openServer, type RemoteServer, type RunFacts } from "./remote/open_server.ts";
import { slotsOf } from "./remote/slots_of.ts";
import { loadGuides } from "./own/load_guides.ts";
import { ownProcess } from "./own/own_process.ts";
import type { Stopper } from "./population/stopper.ts";
import { type SearchPlan, SearchProgress, stalenessOf } from "./population/search_progress.ts";
import { measureTerm } from "./terms.ts";

/** Options of {@linkcode minimize}. */
export interface MinimizeOptions extends Partial<PopulationSettings> {
  /** A module that exports {@linkcode Objective} as `evaluate`. */
  readonly evaluator: URL;
  /** Start of the search, length N, within the bounds. */
  readonly mean: readonly number[];
  /** Lower bound of all coordinates, or of each: length N, `null` for none. Default: none. */
  readonly lower?: number | readonly (number | null)[] | undefined;
  /** Upper bound, as `lower`. Default: none. */
  readonly upper?: number | readonly (number | null)[] | undefined;
  /**
   * Evaluations at the same time on this host, 0 to 10,000; 0 only with `nats`. Default: one for each
   * core.
   */
  readonly workers?: number | undefined;
  /**
   * Where the objective runs; a process can be killed at any time, and survives crashes of others. It
   * may read, and has those permissions of the program that have no limits. Default `worker`.
   */
  readonly isolation?: "worker" | "process" | undefined;
  /**
   * Folder for the run; must not exist. Default: `runs/EVALUATOR-TIME`, which the run's `directory`
   * says at once.
   */
  readonly directory?: string | undefined;
  /**
   * A NATS server by which workers on other hosts take part, each of which was given the same module with
   * `--modules`. Default: none.
   */
  readonly nats?: NatsOptions | undefined;
  /** Stops the search; `result` then rejects with {@linkcode RunStopped}. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@linkcode minimize} ends with. */
export interface MinimizeResult extends Minimum {
  /** The folder of the run. */
  readonly directory: string;
}

/** A run of {@linkcode minimize} that has begun. */
export type MinimizeRun = Run<PopulationEvent, MinimizeResult, Minimum>;

/**
 * Minimise an objective by CMA-ES, whose evaluations run in parallel and survive crashes.
 *
 * @param options Those of {@linkcode PopulationSettings}, which may be left out; the objective, and
 * where to start, which may not.
 * @returns A run: iterate it for its events, await its `result`. The events' and files' fitness is
 * the objective's value with the sign turned, to be maximised. The result rejects with a
 * {@linkcode ConfigurationError} for options or a module that cannot be used, before anything is
 * written, and at its end if all candidates failed.
 *
 * @example Rosenbrock's function in four dimensions
 * ```ts
 * import { minimize } from "@mddes/mddes";
 *
 * await using run = minimize({
 *   // A module that exports `evaluate`, a function of x.
 *   evaluator: new URL("../examples/rosenbrock.ts", import.meta.url),
 *   mean: [0, 0, 0, 0],
 *   sigma: 0.5,
 *   generations: 100,
 *   finalistRepeats: 0, // the function is not noisy
 *   directory: `${await Deno.makeTempDir()}/run`,
 * });
 * const { x, value } = await run.result;
 * console.log(x, value);
 * ```
 */
export function minimize(options: MinimizeOptions): MinimizeRun {
  const { evaluator, signal, nats, ...others } = options;
  const { directory = defaultDirectory(nameOf(evaluator)), ...rest } = others;
  const { entries } = minimizeSchema;
  return new Run(async (run) => {
    if (!(evaluator instanceof URL)) {
      throw new ConfigurationError(
        `Option evaluator must be a URL object, received ${JSON.stringify(evaluator)}`,
      );
    }
    const given = withoutDefaults(entries, rest);
    const prepared = await prepare(
      evaluator.href,
      rest,
      { needs: newFolderNeeds(directory), signal: run.signal, nats, given },
    );
    await using server = await openServer(nats);
    using folder = RunDirectory.create(directory);
    return await runPrepared(prepared, folder, "begin", run, server);
  }, { directory, signal });
}

/** The name of a module's file, without what it ends with. */
function nameOf(evaluator: URL): string {
  return evaluator instanceof URL ? evaluator.pathname.replace(/\.\w+$/, "") : "";
}

/** Options of {@linkcode resumeMinimize}. */
export interface ResumeMinimizeOptions {
  /** More generations than the run was begun with. */
  readonly generations?: number;
  /** Default: as the run was begun with. Changes when things are computed, not what. */
  readonly workers?: number;
  /**
   * Draw no more candidates: evaluate the best so far again, and name the winner. Refused for a run
   * that is done, or in which no candidate has a result, and with `generations`. Default `false`.
   */
  readonly finish?: boolean;
  /** As for {@linkcode minimize}. Default: none, however the run was begun. */
  readonly nats?: NatsOptions | undefined;
  /** Stops the search again. */
  readonly signal?: AbortSignal;
}

/**
 * Continue a run of {@linkcode minimize} that was stopped or has crashed, or extend one that is done.
 * What was in the journal is not computed again. The objective must still compute the same: that is
 * not checked.
 *
 * @param directory The folder of the run.
 * @returns A run. Its result rejects as that of {@linkcode minimize}; then nothing in the folder was
 * changed.
 */
export function resumeMinimize(
  directory: string,
  { generations, workers, finish = false, nats, signal }: ResumeMinimizeOptions = {},
): MinimizeRun {
  return new Run(async (run) => {
    if (finish) requireNoGenerations(generations);
    requirePermissions(folderNeeds(directory));
    using folder = RunDirectory.open(directory);
    const begun = folder.readConfiguration("minimize", minimizeSchema);
    const { evaluator } = begun;
    if (evaluator === undefined) {
      throw new ConfigurationError(
        `Cannot resume ${directory}: its config.json must name the evaluator, which mddes 0.1.0 did ` +
          `not write there; add the URL of its module`,
      );
    }
    const changed = {
      ...begun,
      generations: generations ?? begun.generations,
      workers: workers ?? begun.workers,
    };
    const prepared = await prepare(evaluator, changed, { signal: run.signal, nats });
    requireNoFewer(changed.generations, begun.generations, directory);
    await using server = await openServer(nats);
    return await runPrepared(prepared, folder, finish ? "finish" : "resume", run, server);
  }, { directory, signal });
}

interface PreparedMinimize
  extends Pick<RecordedPopulationOptions<unknown>, "plan" | "progress" | "placement"> {
  readonly configuration: MinimizeConfiguration & {
    readonly evaluator: string;
    readonly workers: number;
  };
  readonly stoppers: readonly Stopper[];
  readonly pruner: Pruner | undefined;
}

/**
 * Check everything that can be checked before anything is written or computed.
 *
 * @param evaluator URL of the module.
 * @param options All the others, not checked.
 * @param needs Of the folder of the run. Default: none.
 * @param nats A server that is to be used. Default: none.
 * @param given Those of them that must mean something. Default: none.
 * @throws {ConfigurationError} If an option or the evaluator cannot be used, or Deno does not allow
 * what they need.
 */
async function prepare(
  evaluator: string,
  options: { readonly [Option in keyof MinimizeConfiguration]?: unknown },
  { needs = [], signal, nats, given = {} }: {
    readonly needs?: readonly Need[];
    readonly signal: AbortSignal;
    readonly nats: NatsOptions | undefined;
    readonly given?: Readonly<Record<string, unknown>>;
  },
): Promise<PreparedMinimize> {
  const { lower = null, upper = null, workers = navigator.hardwareConcurrency } = options;
  const checked = checkOptions(minimizeSchema, { ...options, evaluator, workers, lower, upper });
  requireMeaning(minimizeSchema.entries, given, checked);
  if (checked.workers === 0 && !nats) {
    throw new ConfigurationError(
      "Option workers must be at least 1 without a NATS server by which workers on other hosts take " +
        "part, received 0",
    );
  }
  const named = [evaluator, checked.strategy, checked.pruner, ...checked.stop ?? []];
  requirePermissions([
    ...needs,
    ...(nats ? natsNeeds(nats) : []),
    ...moduleNeeds(named),
    ...(checked.isolation === "process" ? processNeeds("an objective in a process") : []),
  ]);
  const { strategy, stoppers, pruner, options: guides } = await loadGuides(
    checked,
    (fitness, target) => -fitness <= target,
    signal,
  );
  const plan: SearchPlan = {
    mean: checked.mean,
    bounds: { lower: boundsOf(checked, "lower"), upper: boundsOf(checked, "upper") },
    sigma: checked.sigma,
    populationSize: checked.population,
    generations: checked.generations,
    strategy,
    mode: checked.mode,
    staleness: stalenessOf(checked),
    finalists: checked.finalists,
    finalistRepeats: checked.finalistRepeats,
    seed: checked.seed,
    seeds: checked.seeds,
  };
  const progress = progressOf(plan);
  const placement = checked.isolation === "worker"
    ? { kind: "worker" } as const
    : await ownProcess();
  await checkPart(measureTerm(evaluator), evaluator, signal, placement);
  const configuration = { ...checked, evaluator, workers: checked.workers!, ...guides };
  return { configuration, placement, plan, progress, stoppers, pruner };
}

/**
 * Bounds of each coordinate, length N.
 *
 * @throws {ConfigurationError} If a list has another length.
 */
function boundsOf(
  { mean, ...bounds }: Pick<MinimizeConfiguration, "mean" | "lower" | "upper">,
  side: "lower" | "upper",
): readonly (number | null)[] {
  const bound = bounds[side];
  if (bound === null || typeof bound === "number") return mean.map(() => bound);
  if (bound.length === mean.length) return bound;
  throw new ConfigurationError(
    `Option ${side} must be one number, or one for each of the ${mean.length} coordinates of mean, ` +
      `received ${bound.length}`,
  );
}

/** @throws {ConfigurationError} If the plan's numbers do not fit each other. */
function progressOf(plan: SearchPlan): SearchProgress {
  try {
    return new SearchProgress(plan);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

async function runPrepared(
  { configuration, placement, plan, progress, stoppers, pruner }: PreparedMinimize,
  folder: RunDirectory,
  how: "begin" | "resume" | "finish",
  run: RunWork<PopulationEvent, Minimum>,
  server: RemoteServer | undefined,
): Promise<MinimizeResult> {
  const { evaluator, workers, maxAttempts, leaseSeconds } = configuration;
  const term = measureTerm(evaluator);
  const remote = server && slotsOf(server, factsOf(configuration, term.part, pruner), folder);
  const winner = await recordPopulation({
    ...run,
    kind: "minimize",
    entries: minimizeSchema.entries,
    plan,
    progress,
    configuration: { ...configuration },
    contents: {},
    terms: [term],
    stoppers,
    pruner,
    devices: new Array<string>(workers).fill("cpu"),
    placement,
    remote,
    maxAttempts,
    leaseMs: 1000 * leaseSeconds,
    folder,
    how,
    source: `the objective of ${evaluator}`,
    describeBest: minimumOf,
  });
  return { ...minimumOf(winner), directory: folder.path };
}

/** What workers on other hosts must know. */
function factsOf(
  configuration: PreparedMinimize["configuration"],
  part: string,
  pruner: Pruner | undefined,
): Omit<RunFacts, "run" | "folder"> {
  return {
    kind: "minimize",
    configuration: { ...configuration },
    parts: [part],
    modules: { [part]: moduleContent(configuration.evaluator) },
    byClass: false,
    prunes: pruner !== undefined,
  };
}
