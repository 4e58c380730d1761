/**
 * What all experiments share: searches and tested networks under one folder, each done once,
 * whoever needs it first. An experiment that was stopped goes on where it was.
 *
 * @module
 */
import type { SearchOptions } from "../../actors/configuration.ts";
import { checkDevices, expandDevices } from "../../actors/devices/devices.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import { type EvaluationJob, testAccuracies } from "../../actors/testing/evaluation.ts";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { readBest } from "../../actors/record/run_directory.ts";
import { RunStopped } from "../../actors/population/run.ts";
import type { Message } from "../../actors/runtime/mod.ts";
import { beginSearch, resume } from "../../actors/search.ts";
import type { Disturbance } from "../../datasets/mod.ts";
import { loadNetwork, type Network, networkSha256 } from "../../models/mod.ts";
import { durationText } from "../../duration.ts";
import { ConfigurationError } from "../../options.ts";
import { networkCost, searchCost } from "./cost.ts";
import { type Data, loadData } from "./data.ts";
import { canonical } from "./fingerprint.ts";
import { type NetworkDescription, NetworkFiles } from "./network_files.ts";
import { Progress } from "../terminal/progress.ts";
import { exists, resolveSearch, searchFolderName, searchFolderState } from "./search_folder.ts";
import { askQuestions, type Question, type QuestionKind } from "./questions.ts";
import { percent } from "../../report/numbers.ts";

/** Where a study works. */
export interface StudyOptions extends EngineWish {
  /** The name of the experiment, for the progress bar. */
  readonly name: string;
  /** What to type to go on after a stop. */
  readonly command: string;
  /** The root folder, such as `runs`. */
  readonly runs: string;
  /** Not expanded: `["auto"]`. */
  readonly devices: readonly string[];
  readonly signal?: AbortSignal;
}

/** A search that an experiment needs. */
export interface StudySearch {
  /** What the line that reports it calls it. */
  readonly label: string;
  /** Part of the folder's name: `mddes`, `random-search`. */
  readonly method: string;
  /** Without devices, engine and backend, which are the study's. */
  readonly options: Omit<SearchOptions, "devices" | "engine" | "backend">;
}

/** What a search found. */
export interface FoundDisturbance {
  readonly disturbance: Disturbance;
  /** The folder of the search: an ordinary run. */
  readonly directory: string;
}

/** A network that an experiment needs. */
export interface NetworkJob extends Omit<EvaluationJob, "weights"> {
  /** What the line that reports it calls it. */
  readonly label: string;
  readonly dataset: string;
  /** Keep the trained weights. Default: `false`. */
  readonly weights?: boolean;
}

/** A network that was trained and tested, now or before. */
export interface TestedNetwork<Job extends NetworkJob = NetworkJob> {
  readonly job: Job;
  readonly outcome: TestOutcome;
  /** Its JSON file. */
  readonly file: string;
  /** The safetensors file of its weights, if they were kept now or before. */
  readonly weights: string | undefined;
}

/** Networks that cost the same. */
export interface PlannedNetworks
  extends Pick<NetworkJob, "dataset" | "training" | "subset" | "everyEpoch"> {
  /** How many. Default: 1. */
  readonly count?: number;
}

/** All that an experiment will do, for the time left. */
export interface StudyPlan {
  readonly searches: readonly StudySearch[];
  /** Networks of each kind, and what is known of them before their disturbances are found. */
  readonly networks: readonly PlannedNetworks[];
  /** Of questions that are asked about them, in multiply-adds. Default: 0. */
  readonly questionCost?: number;
}

/** Does what experiments need, and does nothing twice. */
export class Study implements Disposable {
  /** One entry for each trainer. */
  readonly devices: readonly string[];
  readonly #options: StudyOptions;
  readonly #files: NetworkFiles;
  readonly #data = new Map<string, Promise<Data>>();
  readonly #networks = new Map<string, Promise<Network>>();
  #progress: Progress | undefined;

  private constructor(options: StudyOptions, devices: readonly string[]) {
    this.#options = options;
    this.devices = devices;
    this.#files = new NetworkFiles(`${options.runs}/networks`);
  }

  /** @throws {ConfigurationError} If a device cannot be used. */
  static async open(options: StudyOptions): Promise<Study> {
    const devices = expandDevices(options.devices);
    await checkDevices(devices, options);
    return new Study(options, devices);
  }

  /**
   * The images of a set, loaded once.
   *
   * @throws {ConfigurationError} If the set is not there.
   */
  data(dataset: string): Promise<Data> {
    const known = this.#data.get(dataset);
    if (known) return known;
    const loading = loadData(dataset);
    this.#data.set(dataset, loading);
    return loading;
  }

  /**
   * A network for the images of a set, by its name or the URL of its file, which is loaded once.
   *
   * @throws {ConfigurationError} If there is none, or it is not for such images.
   * @throws {RunStopped} If it was stopped; the message says how to go on.
   */
  network(network: string, dataset: string): Promise<Network> {
    const key = `${network} ${dataset}`;
    const known = this.#networks.get(key);
    if (known) return known;
    const loading = this.#loadNetwork(network, dataset);
    this.#networks.set(key, loading);
    return loading;
  }

  async #loadNetwork(network: string, dataset: string): Promise<Network> {
    const { train: { shape, classNames } } = await this.data(dataset);
    const { signal } = this.#options;
    try {
      return await loadNetwork(network, shape, classNames.length, { signal });
    } catch (error) {
      if (signal?.aborted) this.#stopped(new RunStopped("Stopped"));
      throw new ConfigurationError((error as Error).message, { cause: error });
    }
  }

  /** Show progress from now on, with the time left for all of the plan. Call it once. */
  async plan({ searches, networks, questionCost = 0 }: StudyPlan): Promise<void> {
    let total = questionCost;
    for (const { options } of searches) {
      const { cost } = await this.#prepare(options);
      total += cost.total;
    }
    for (const network of networks) {
      const data = await this.data(network.dataset);
      requireImages(network, data);
      total += (network.count ?? 1) * await this.#costOf(network);
    }
    this.#progress = new Progress(this.#options.name, total, { unit: "share" });
  }

  /** Print a line without disturbing the progress bar. */
  print(line: string): void {
    if (this.#progress) this.#progress.print(line);
    else console.log(line);
  }

  /**
   * Search for a disturbance, or go on with that search, or read what it found before.
   *
   * @throws {RunStopped} If it was stopped; the message says how to go on.
   * @throws {ConfigurationError} If its folder holds another search, or is in use.
   */
  async search({ label, method, options }: StudySearch): Promise<FoundDisturbance> {
    const { wanted, data, cost } = await this.#prepare(options);
    const name = searchFolderName(method, wanted, data.sha256.train);
    const directory = `${this.#options.runs}/searches/${name}`;
    const images = { dataset: data.train.dataset, sha256: data.sha256.train };
    const state = await searchFolderState(directory, wanted, images);
    if (state === "done") {
      this.#progress?.skip(cost.total);
      this.print(`${label}: searched before`);
      return { disturbance: readBest(directory).disturbance, directory };
    }
    const { signal } = this.#options;
    const where = { devices: this.devices, ...(signal && { signal }) };
    const startedAt = performance.now();
    await using run = state === "begun"
      ? resume(directory, where)
      : beginSearch({ ...wanted, devices: this.devices }, { signal, directory });
    let left = cost.total;
    for await (const event of run) {
      if (event.type === "started") {
        left -= event.done * cost.candidate;
        this.#progress?.skip(event.done * cost.candidate);
      } else if (event.type === "evaluated") {
        left -= cost.candidate;
        this.#progress?.advance(cost.candidate);
      } else if (event.type === "lost") {
        this.print(`${label}: ${event.actor} was lost and is started again: ${event.reason}`);
      }
    }
    const { best } = await run.result.catch((error) => this.#stopped(error));
    // The search has loaded the images itself: they must be those of its name.
    await searchFolderState(directory, wanted, images);
    this.#progress?.skip(left);
    this.print(`${label}: searched in ${durationText(performance.now() - startedAt)}`);
    return { disturbance: best.disturbance, directory };
  }

  /**
   * Train and test networks, those of them that were not before. Each is saved at once.
   *
   * @returns One result for each job, in the order of the jobs.
   * @throws {RunStopped} If it was stopped; the message says how to go on.
   * @throws {ConfigurationError} If the file of a network is damaged.
   */
  async test<Job extends NetworkJob>(jobs: readonly Job[]): Promise<TestedNetwork<Job>[]> {
    const asked = await Promise.all(jobs.map((job) => this.#describe(job)));
    const costs = await Promise.all(jobs.map((job) => this.#costOf(job)));
    const paths = asked.map((description) => `${this.#files.pathOf(description)}.json`);
    const kept = new Set(paths.filter((_, index) => jobs[index]!.weights));
    const outcomes = new Map<string, TestOutcome>();
    const missing = new Map<string, number>();
    for (const [index, path] of paths.entries()) {
      const outcome = kept.has(path)
        ? this.#files.findWithWeights(asked[index]!)
        : this.#files.find(asked[index]!);
      if (outcome) outcomes.set(path, outcome);
      else if (!missing.has(path)) missing.set(path, index);
      if (missing.get(path) !== index) this.#progress?.skip(costs[index]!);
    }
    const known = outcomes.size;
    if (known > 0) this.print(`${known} of ${known + missing.size} networks tested before`);
    if (missing.size > 0) this.#files.create();
    const byDataset = Map.groupBy(missing.values(), (index) => jobs[index]!.dataset);
    for (const [dataset, indices] of byDataset) {
      // One after the other where they are trained alike: an engine is compiled once for them.
      const alike = Map.groupBy(indices, (index) => canonical(jobs[index]!.training));
      const ordered = [...alike.values()].flat();
      const data = await this.data(dataset);
      const { engine, backend, signal } = this.#options;
      const evaluations = ordered.map((index): EvaluationJob => ({
        ...jobs[index]!,
        weights: kept.has(paths[index]!) ? this.#files.weightsOf(asked[index]!) : undefined,
      }));
      await testAccuracies(evaluations, {
        ...data,
        networks: await this.#networksInFiles(evaluations, dataset),
        devices: this.devices,
        engine,
        backend,
        signal,
        onDone: (position, outcome) => {
          const index = ordered[position]!;
          this.#files.save(asked[index]!, outcome);
          outcomes.set(paths[index]!, outcome);
          this.#progress?.advance(costs[index]!);
          this.print(`${jobs[index]!.label}: ${describeOutcome(outcome)}`);
        },
      }).catch((error) => this.#stopped(error));
    }
    return jobs.map((job, index) => {
      const weights = this.#files.weightsOf(asked[index]!);
      return {
        job,
        outcome: outcomes.get(paths[index]!)!,
        file: paths[index]!,
        weights: exists(weights) ? weights : undefined,
      };
    });
  }

  /**
   * Ask questions about networks, those that were not asked before. Each answer is saved at once.
   *
   * @returns The answers, in the order of the questions.
   * @throws {RunStopped} If it was stopped; the message says how to go on.
   * @throws {ConfigurationError} If the file of an answer is damaged.
   */
  ask<Asked extends Question, Answer extends Message>(
    kind: QuestionKind<Asked, Answer>,
    questions: readonly Asked[],
  ): Promise<Answer[]> {
    return askQuestions(kind, questions, {
      ...this.#options,
      devices: this.devices,
      data: (dataset) => this.data(dataset),
      print: (line) => this.print(line),
      onDone: (cost, when) =>
        when === "now" ? this.#progress?.advance(cost) : this.#progress?.skip(cost),
    }).catch((error) => this.#stopped(error));
  }

  /** Take the progress bar away. */
  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]();
    this.#progress = undefined;
  }

  async #prepare(options: StudySearch["options"]) {
    const { engine, backend } = this.#options;
    const resolved = resolveSearch({ ...options, engine, backend });
    const data = await this.data(resolved.dataset);
    const wanted = { ...resolved, dataset: data.train.dataset };
    return { wanted, data, cost: searchCost(wanted, data) };
  }

  async #describe(job: NetworkJob): Promise<NetworkDescription> {
    const { disturbance, training, subset, seed, everyEpoch } = job;
    const data = await this.data(job.dataset);
    requireImages(job, data);
    const { train: { dataset }, sha256 } = data;
    const { engine, backend } = this.#options;
    const asked = { disturbance, training, subset, seed, everyEpoch: everyEpoch || undefined };
    if (isInFile(training.network)) {
      const network = networkSha256(await this.network(training.network, job.dataset));
      asked.training = { ...training, network: `sha256:${network}` };
    }
    return { dataset, sha256, ...asked, engine, backend };
  }

  async #networksInFiles(
    jobs: readonly EvaluationJob[],
    dataset: string,
  ): Promise<ReadonlyMap<string, Network>> {
    const urls = new Set(jobs.map(({ training: { network } }) => network).filter(isInFile));
    const loaded = [...urls].map(async (url) => [url, await this.network(url, dataset)] as const);
    return new Map(await Promise.all(loaded));
  }

  async #costOf(job: PlannedNetworks): Promise<number> {
    const network = await this.network(job.training.network, job.dataset);
    return networkCost(job, network, await this.data(job.dataset));
  }

  #stopped(error: unknown): never {
    if (!(error instanceof RunStopped)) throw error;
    throw new RunStopped(`Stopped. To go on: ${this.#options.command}`);
  }
}

/** Its name does not say what such a network is. */
function isInFile(network: string): boolean {
  return network.startsWith("file:");
}

/** @throws {ConfigurationError} If a network is to be trained on more images than there are. */
function requireImages(
  { dataset, subset }: Pick<NetworkJob, "dataset" | "subset">,
  { train }: Data,
): void {
  if (subset === null || subset.size <= train.count) return;
  throw new ConfigurationError(
    `Cannot train on ${subset.size} images of ${dataset}: it has ${train.count} training images`,
  );
}

function describeOutcome(outcome: TestOutcome): string {
  return outcome.type === "TestFailed"
    ? `failed: ${outcome.reason}`
    : `${percent(outcome.testAccuracy)} % of the clean test images`;
}
