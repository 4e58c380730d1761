/**
 * A worker: does parts of candidates for searches on other hosts, which it finds by a NATS server.
 *
 * @module
 */
import type { JsMsg } from "@nats-io/jetstream";
import { hostname } from "node:os";
import { ConfigurationError } from "../../options.ts";
import { isGranted } from "../../permissions.ts";
import type { Candidate, Progressed, Verdict } from "../population/protocol.ts";
import { connect, type Connection } from "../remote/connect.ts";
import {
  type Announcement,
  type Answer,
  BadMessage,
  decodeTask,
  digestOf,
  encode,
  type Hold,
  MAX_BYTES,
  subjects,
  taskId,
} from "../remote/messages.ts";
import type { NatsOptions } from "../remote/nats_options.ts";
import { pause, publishUntilStored } from "../remote/streams.ts";
import { remoteTimes } from "../remote/times.ts";
import { createActorSystem } from "../runtime/mod.ts";
import { RunCatalog, type ServedRun } from "./run_catalog.ts";
import { Station } from "./station.ts";
import type { WorkPlace, WorkRun } from "./work_run.ts";

/** Options of {@linkcode runWorker}. */
export interface WorkerOptions extends WorkPlace {
  readonly nats: NatsOptions;
  /** What searches call it. */
  readonly name: string;
}

/** What a worker is called if nobody says: its host, where Deno allows to ask for that. */
export function defaultWorkerName(): string {
  const name = isGranted({ name: "sys", kind: "hostname" }) ? hostname() : "";
  return name.replace(/[^\w.-]/g, "-").slice(0, 64) || "worker";
}

/** How long to ask for a task before looking at another run's. */
const ASK_MS = 1000;

/** How long to try to hand in an answer, before the task is left to others. */
const ANSWER_LIMIT_MS = 600_000;

/** Who leaves waits so long for a server. */
const LEAVE_MS = 1500;

/** A slot keeps its actors for so many runs. */
const STATIONS = 2;

/**
 * Work until the signal says to leave.
 *
 * @throws {ConfigurationError} If the server cannot be used.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { nats, name, say, signal, devices } = options;
  if (devices.length === 0) throw new ConfigurationError("Cannot work without a device");
  await using connection = await connect(nats, `mddes worker ${name}`);
  const worker = new Worker(connection, options);
  const slots = `${devices.length} slot${devices.length === 1 ? "" : "s"}`;
  say(`worker ${name}: ${slots} (${devices}) at ${connection.where}; Ctrl-C leaves`);
  await worker.run(signal);
}

/** A worker that is connected. */
class Worker {
  readonly #connection: Connection;
  readonly #options: WorkerOptions;
  readonly #catalog: RunCatalog;
  readonly #id = crypto.randomUUID();
  readonly #system = createActorSystem();
  /** Ends what is being done. */
  readonly #leave = new AbortController();
  /** Then nothing is handed in any more. */
  readonly #left = new AbortController();
  readonly #reported = new Set<string>();
  /** What is being done, and since when. */
  readonly #holds = new Map<
    string,
    { readonly hold: Omit<Hold, "forMs">; readonly since: number }
  >();
  /** Slots that cannot work for a run. */
  readonly #unable = new WeakMap<WorkRun, Set<number>>();
  #done = 0;
  #failures = 0;
  #images = 0;
  #busyMs = 0;

  constructor(connection: Connection, options: WorkerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#catalog = new RunCatalog(connection, options);
  }

  async run(signal: AbortSignal): Promise<void> {
    let limit: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      this.#leave.abort();
      limit ??= setTimeout(() => this.#left.abort(), LEAVE_MS);
    };
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave);
    const announcing = setInterval(() => this.#announce(), remoteTimes.announce);
    const { devices, say } = this.#options;
    try {
      await Promise.race([
        this.#connection.refused,
        Promise.all([this.#look(), ...devices.map((device, slot) => this.#serve(slot, device))]),
        pause(2 ** 31 - 1, this.#left.signal),
      ]);
    } finally {
      leave();
      signal.removeEventListener("abort", leave);
      clearInterval(announcing);
      await this.#system.stop();
      this.#announce(0);
      const flushed = this.#connection.nats.flush().catch(() => {});
      await Promise.race([flushed, pause(LEAVE_MS, this.#left.signal)]);
      clearTimeout(limit);
      this.#left.abort();
      say(`left; ${this.#done} parts done, ${this.#failures} not`);
    }
  }

  /** Looks for runs. */
  async #look(): Promise<void> {
    const { signal } = this.#leave;
    while (!signal.aborted) {
      const before = this.#catalog.served.length;
      // Before the first search there is no stream; without a server there is nothing to look at.
      await this.#catalog.look().catch(() => {});
      if (this.#catalog.served.length !== before) this.#announce();
      await pause(remoteTimes.announce, signal);
    }
  }

  /** What one slot does: takes turns among the runs. */
  async #serve(index: number, device: string): Promise<void> {
    const { signal } = this.#leave;
    const stations = new Map<string, Station>();
    /** When each run was asked for a task, the last time. */
    const asked = new Map<string, number>();
    const askedAt = ({ work }: ServedRun) => asked.get(work.run) ?? -Infinity;
    while (!signal.aborted) {
      const runs = this.#catalog.served
        .filter(({ work }) => !this.#unable.get(work)?.has(index))
        .toSorted((a, b) => askedAt(a) - askedAt(b));
      await closeOthers(stations, runs);
      const served = await firstWithWork(runs, askedAt);
      if (!served) {
        await pause(200, signal);
        continue;
      }
      const { run } = served.work;
      asked.set(run, performance.now());
      try {
        const station = await this.#stationFor(served, index, device, stations);
        if (!station) continue;
        const message = await nextOf(served, this.#left.signal);
        if (message) await this.#handle(message, served, station, index);
      } catch {
        // The queue or the server is away. Both may come again.
        await pause(500, signal);
      }
    }
    for (const station of stations.values()) await station[Symbol.asyncDispose]();
  }

  async #stationFor(
    { work }: ServedRun,
    index: number,
    device: string,
    stations: Map<string, Station>,
  ): Promise<Station | undefined> {
    const known = stations.get(work.run);
    if (known?.broken !== undefined) {
      this.#giveUp(work, index, known.broken);
      return undefined;
    }
    stations.delete(work.run);
    if (stations.size >= STATIONS) {
      const [[run, oldest]] = stations as unknown as [[string, Station]];
      stations.delete(run);
      await oldest[Symbol.asyncDispose]();
    }
    try {
      const station = known ?? await Station.open(this.#system, work, {
        slot: `slot-${index}`,
        device,
        ask: (progressed) => this.#ask(work.run, progressed, work.leaseMs / 2),
      });
      stations.set(work.run, station);
      return station;
    } catch (error) {
      this.#giveUp(work, index, (error as Error).message);
      return undefined;
    }
  }

  /** A slot cannot work for a run; the others may. */
  #giveUp(work: WorkRun, index: number, why: string): void {
    const unable = this.#unable.get(work) ?? new Set();
    this.#unable.set(work, unable.add(index));
    const { devices, say } = this.#options;
    if (unable.size === devices.length) this.#catalog.refuse(work.run, why);
    else {
      const [line] = why.split("\n");
      say(`slot ${index} (${devices[index]}) cannot work for run ${work.run}: ${line}`);
    }
    this.#announce();
  }

  /** Does what a message asks for, and answers. */
  async #handle(message: JsMsg, served: ServedRun, station: Station, index: number): Promise<void> {
    const { work: { run, maxAttempts }, ackWaitMs } = served;
    let candidate: Candidate;
    let digest: string;
    try {
      const task = decodeTask(message.data);
      digest = digestOf({ seed: task.seed, x: task.genome });
      if (message.subject !== subjects.task(run, taskId(task, task.part, digest))) {
        throw new BadMessage(`it came as ${message.subject.slice(0, 200)}`);
      }
      if (!served.work.terms.some(({ part }) => part === task.part)) {
        throw new BadMessage(`the run has no part ${task.part}`);
      }
      const { protocol: _, release: _r, ...rest } = task;
      candidate = { type: "Candidate", ...rest };
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      this.#options.say(`cannot use a task of run ${run}: ${error.message}`);
      return message.term();
    }
    const key = taskId(candidate, candidate.part, digest);
    const { generation, candidate: number, repeat, part } = candidate;
    const device = this.#options.devices[index]!;
    this.#holds.set(`${run}.${key}`, {
      hold: { run, task: key, generation, candidate: number, repeat, part, device },
      since: performance.now(),
    });
    // From here, where nothing computes: a thread that trains would be too late.
    const working = setInterval(() => {
      if (!this.#connection.nats.isClosed()) message.working();
    }, ackWaitMs / 3);
    try {
      const lost = message.info.deliveryCount - 1;
      const left = maxAttempts - candidate.attempt + 1;
      const answer = lost >= left
        ? failedFor(candidate, `its worker was lost ${lost} times`)
        : await this.#work(station, candidate);
      this.#count(answer);
      await this.#answer(message, run, digest, answer, index);
    } finally {
      clearInterval(working);
      this.#holds.delete(`${run}.${key}`);
    }
  }

  /** Does a part; what is not done when the worker leaves is given back. */
  async #work(station: Station, candidate: Candidate): Promise<Answer> {
    const { signal } = this.#leave;
    const leave = () => void station[Symbol.asyncDispose]();
    signal.addEventListener("abort", leave);
    const answer = station.work(candidate);
    if (signal.aborted) leave();
    return await answer.finally(() => signal.removeEventListener("abort", leave));
  }

  async #answer(
    message: JsMsg,
    run: string,
    digest: string,
    answer: Answer,
    index: number,
  ): Promise<void> {
    const { name } = this.#options;
    const said = "timing" in answer
      ? { ...answer, timing: { ...answer.timing, slot: `slot-${index}@${name}` } }
      : answer;
    const bytes = encode({ worker: name, digest, answer: said });
    const id = `${run}.${taskId(answer, answer.part, digest)}.${crypto.randomUUID()}`;
    const signal = AbortSignal.any([AbortSignal.timeout(ANSWER_LIMIT_MS), this.#left.signal]);
    // What is given back is published again at once, which must not find the task still there.
    const isGivenBack = answer.type === "GivenBack";
    if (isGivenBack) await message.ackAck().catch(() => {});
    const stored = await publishUntilStored(this.#connection, subjects.answer(run), bytes, {
      id,
      signal,
      tell: (why) => this.#report(`the NATS server does not take an answer: ${why}`),
    });
    // Where that is lost the task comes again, and so does its answer: nobody waits for it.
    if (!isGivenBack && stored) message.ack();
  }

  /** Says what may happen again and again once. */
  #report(text: string): void {
    if (this.#reported.has(text) || this.#reported.size > 1000) return;
    this.#reported.add(text);
    this.#options.say(text);
  }

  async #ask(
    run: string,
    progressed: Progressed,
    timeoutMs: number,
  ): Promise<Verdict | undefined> {
    try {
      const { data } = await this.#connection.nats.request(
        subjects.verdict(run),
        JSON.stringify(progressed),
        { timeout: timeoutMs },
      );
      if (data.length > MAX_BYTES) return undefined;
      const { goesOn } = JSON.parse(new TextDecoder().decode(data)) as { goesOn?: unknown };
      return typeof goesOn === "boolean" ? { type: "Verdict", goesOn } : undefined;
    } catch {
      return undefined; // Nobody is there to be asked.
    }
  }

  #count(answer: Answer): void {
    if (answer.type === "GivenBack" || answer.type === "Failed") this.#failures++;
    else this.#done++;
    if ("timing" in answer && answer.timing.imagesPerSecond > 0) {
      this.#images += (answer.timing.imagesPerSecond * answer.timing.busyMs) / 1000;
      this.#busyMs += answer.timing.busyMs;
    }
  }

  #announce(slots: number = this.#options.devices.length): void {
    const { nats } = this.#connection;
    if (nats.isClosed()) return;
    const said: Omit<Announcement, "protocol" | "release"> = {
      id: this.#id,
      name: this.#options.name,
      slots,
      everyMs: remoteTimes.announce,
      devices: [...this.#options.devices],
      holds: [...this.#holds.values()].map(({ hold, since }) => ({
        ...hold,
        forMs: Math.round(performance.now() - since),
      })),
      done: this.#done,
      failures: this.#failures,
      imagesPerSecond: this.#busyMs > 0 ? (1000 * this.#images) / this.#busyMs : 0,
      serves: Object.fromEntries(
        this.#catalog.served.map(({ work }) => [
          work.run,
          this.#options.devices.length - (this.#unable.get(work)?.size ?? 0),
        ]),
      ),
      refuses: this.#catalog.refusals,
    };
    nats.publish(subjects.worker(this.#id), encode(said));
  }
}

function failedFor(
  { generation, candidate, repeat, part, attempt }: Candidate,
  reason: string,
): Answer {
  return { type: "Failed", generation, candidate, repeat, part, attempt, reason };
}

/** The next task, if there is one soon. Where the connection is cut meanwhile, nothing ever comes. */
async function nextOf({ queue }: ServedRun, left: AbortSignal): Promise<JsMsg | null> {
  const come = new AbortController();
  const isOver = AbortSignal.any([come.signal, left]);
  const limit = pause(ASK_MS + remoteTimes.request, isOver).then(() => null);
  try {
    return await Promise.race([queue.next({ expires: ASK_MS }), limit]);
  } finally {
    come.abort();
  }
}

/** Runs that are over need no actors. */
async function closeOthers(
  stations: Map<string, Station>,
  runs: readonly ServedRun[],
): Promise<void> {
  for (const [run, station] of stations) {
    if (runs.some(({ work }) => work.run === run)) continue;
    stations.delete(run);
    await station[Symbol.asyncDispose]();
  }
}

/**
 * Of several runs, the first one in which something is to be done: nobody waits for one that has nothing.
 * What a worker had that is gone is only given to somebody who asks, so that a run in which something is
 * being done is asked now and then.
 */
async function firstWithWork(
  runs: readonly ServedRun[],
  askedAt: (served: ServedRun) => number,
): Promise<ServedRun | undefined> {
  if (runs.length < 2) return runs[0];
  for (const served of runs) {
    const info = await served.queue.info().catch(() => undefined);
    if (!info) continue;
    const isDue = performance.now() - askedAt(served) > served.ackWaitMs;
    if (info.num_pending > 0 || (info.num_ack_pending > 0 && isDue)) return served;
  }
  return runs[0];
}
