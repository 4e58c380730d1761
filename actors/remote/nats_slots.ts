/**
 * Slots of workers on other hosts, by way of a NATS server: gives them tasks, and takes their answers.
 *
 * @module
 */
import { commandText } from "../../command_text.ts";
import { ConfigurationError } from "../../options.ts";
import type { Candidate } from "../population/protocol.ts";
import type { RemoteDesk, RemoteSlot, RemoteSlots } from "../population/remote.ts";
import type { Timing } from "../record/facts.ts";
import type { Context, Start } from "../runtime/mod.ts";
import { AnswerReader } from "./answers.ts";
import type { Connection } from "./connect.ts";
import {
  type AnswerMessage,
  BadMessage,
  decodeAnswer,
  digestOf,
  subjects,
  taskId,
} from "./messages.ts";
import type { RunFacts } from "./open_server.ts";
import { PendingTasks } from "./pending_tasks.ts";
import { RunQueue } from "./run_queue.ts";
import { SlotGate } from "./slot_gate.ts";
import { pause, removeRun } from "./streams.ts";
import { remoteTimes } from "./times.ts";
import { answerQuestions, requireAlone } from "./verdicts.ts";
import { WorkerRegistry } from "./worker_registry.ts";

/** More slots than this are not used at the same time. */
const MAX_SLOTS = 256;

/** The queue is made again so often: somebody may have removed it, or the server drops it after days. */
const MAKE_EVERY_TICKS = 60;

/** Answers are looked for so often, whether or not the server says that there are some. */
const READ_EVERY_TICKS = 5;

/** See {@linkcode RemoteSlots}. */
export class NatsSlots implements RemoteSlots {
  readonly count = MAX_SLOTS;
  readonly #connection: Connection;
  readonly #record: RunFacts;
  readonly #registry: WorkerRegistry;
  readonly #answers: AnswerReader;
  readonly #queue: RunQueue;
  readonly #stop = new AbortController();
  readonly #pending: PendingTasks;
  readonly #reported = new Set<string>();
  #desk: RemoteDesk | undefined;
  #gate: SlotGate | undefined;
  #statuses: { stop(): void } | undefined;

  constructor(connection: Connection, record: RunFacts) {
    this.#connection = connection;
    this.#record = record;
    this.#registry = new WorkerRegistry(record.run, (text) => this.#tell(text));
    this.#queue = new RunQueue(connection, record, (text) => this.#report(text));
    this.#pending = new PendingTasks(this.#queue, this.#stop.signal);
    this.#answers = new AnswerReader(
      connection,
      record.run,
      (bytes, isFirstTime) => this.#take(bytes, isFirstTime),
    );
  }

  get open(): number {
    return this.#gate?.open ?? 0;
  }

  get mostOpen(): number {
    return this.#gate?.mostOpen ?? 0;
  }

  get openMs(): number {
    return this.#gate?.openMs ?? 0;
  }

  readonly start: Start<RemoteSlot, Candidate> = ({ slot }) => ({
    receive: (candidate, context) => this.#do(slot, candidate, context),
  });

  async begin(desk: RemoteDesk): Promise<AsyncDisposable> {
    this.#desk = desk;
    this.#gate = new SlotGate(desk);
    const { nats, refused } = this.#connection;
    const { run } = this.#record;
    await requireAlone(this.#connection, run);
    await this.#sync().catch((error: Error) => {
      throw new ConfigurationError(
        `Cannot use the NATS server at ${this.#connection.where}: ${error.message}`,
        { cause: error },
      );
    });
    refused.catch((error) => this.#stop.signal.aborted || desk.fail(error));
    const listeners = [
      nats.subscribe(subjects.answer(run), { callback: () => this.#read() }),
      nats.subscribe(subjects.worker("*"), {
        callback: (_error, { subject, data }) => {
          this.#registry.hear(subject, data, performance.now());
          this.#adjust();
        },
      }),
    ];
    const questions = answerQuestions(this.#connection, run, (progressed) => desk.ask(progressed));
    const following = this.#followConnection();
    let making = Promise.resolve();
    let ticks = 0;
    const timer = setInterval(() => {
      this.#tick();
      if (++ticks % READ_EVERY_TICKS === 0) this.#read();
      if (ticks % MAKE_EVERY_TICKS === 0) making = this.#queue.make().catch(() => {});
      if (ticks === READ_EVERY_TICKS && this.#registry.slots === 0) this.#tell(this.#invitation());
    }, remoteTimes.tick);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#stop.abort();
        clearInterval(timer);
        for (const listener of listeners) listener.unsubscribe();
        questions[Symbol.dispose]();
        this.#statuses?.stop();
        await following;
        await making; // It would come after all was removed.
      },
    };
  }

  async retire(): Promise<void> {
    // Without a server there is nothing to be removed.
    const done = new AbortController();
    const removing = removeRun(this.#connection, this.#record.run).finally(() => done.abort());
    await Promise.race([removing, pause(remoteTimes.request, done.signal)]);
  }

  #invitation(): string {
    const address = this.#connection.servers.join(",");
    return `no worker is there yet; to start one, on any host: ${
      commandText("worker", ["--nats", address])
    }`;
  }

  /** One part, from the sampler's word to its answer. */
  async #do(slot: string, candidate: Candidate, context: Context<Candidate>): Promise<void> {
    const { part, generation, candidate: number, repeat, attempt, queuedMs } = candidate;
    const key = { generation, candidate: number, repeat };
    const digest = digestOf({ seed: candidate.seed, x: candidate.genome });
    const task = taskId(key, part, digest);
    const startedAt = performance.now();
    this.#gate!.begin(slot);
    const outcome = await this.#pending.ask(task, candidate, context.signal);
    const desk = this.#desk!;
    const gate = this.#gate!;
    gate.end(slot);
    if (outcome === undefined) return;
    if ("counts" in outcome) {
      const { counts, reason } = outcome;
      const lost = { ...key, attempt, counts, reason };
      await desk.toSampler({ type: "SlotLost", slot, part, lost });
      return await gate.free(slot, part, null, this.#target);
    }
    const { answer, worker } = outcome;
    const elapsedMs = performance.now() - startedAt;
    await desk.toUpdater(
      "timing" in answer
        ? {
          ...answer,
          timing: { ...timingOf(answer.timing, worker, queuedMs, elapsedMs), attempt },
        }
        : answer,
    );
    await gate.free(slot, part, { ...key, attempt }, this.#target);
  }

  /** How many slots there are to be. */
  get #target(): number {
    return Math.min(this.count, this.#registry.slots);
  }

  /** Opens and closes slots as workers come and go. */
  #adjust(): void {
    if (this.#registry.slots > this.count) {
      this.#report(`more than ${this.count} slots are there; so many are used at the same time`);
    }
    this.#gate!.adjust(this.#target);
  }

  #tick(): void {
    this.#registry.expire(performance.now());
    this.#adjust();
    this.#pending.lookAfter((task) => this.#registry.holds(task), this.#target);
  }

  #read(): void {
    this.#answers.read().catch(() => {}); // The next time, or when the connection is there again.
  }

  /** One answer. The first one counts, whoever it is of: it is the same of all. */
  async #take(bytes: Uint8Array, isFirstTime: boolean): Promise<void> {
    const desk = this.#desk!;
    let message: AnswerMessage;
    try {
      message = decodeAnswer(bytes);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      return this.#report(`Cannot use an answer: ${error.message}`);
    }
    const { answer, digest, worker } = message;
    if (this.#pending.take(message) || answer.type === "GivenBack") return;
    const sampled = desk.find(answer);
    if (!sampled || digestOf({ seed: sampled.seed, x: sampled.draw.x }) !== digest) {
      if (isFirstTime) desk.countDuplicate();
      return;
    }
    const { generation, candidate, repeat, part } = answer;
    await desk.toSampler({ type: "PartFound", generation, candidate, repeat, part });
    await desk.toUpdater(
      "timing" in answer
        ? { ...answer, timing: timingOf(answer.timing, worker, answer.timing.queuedMs) }
        : answer,
    );
  }

  #tell(text: string): void {
    this.#desk!.tell(text);
  }

  /** Tells what may happen again and again once. */
  #report(text: string): void {
    if (this.#reported.has(text) || this.#reported.size > 1000) return;
    this.#reported.add(text);
    this.#tell(text);
  }

  async #followConnection(): Promise<void> {
    const statuses = this.#connection.nats.status();
    this.#statuses = statuses as unknown as { stop(): void };
    for await (const { type } of statuses) {
      if (this.#stop.signal.aborted) return;
      if (type === "disconnect") this.#tell("the NATS server is not there; waiting for it");
      if (type !== "reconnect") continue;
      this.#tell("the NATS server is there again");
      await this.#resync();
    }
  }

  async #resync(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#sync();
        break;
      } catch {
        if (this.#connection.nats.isClosed()) return;
        await pause(200, this.#stop.signal); // It is just starting.
      }
    }
    this.#pending.publishAgain();
  }

  /** Makes on the server what a run needs there, whatever it has lost, and reads what came meanwhile. */
  async #sync(): Promise<void> {
    const { parts, open } = this.#desk!;
    await this.#queue.make();
    await this.#answers.readAnew();
    const wanted = open().flatMap((sampled) => {
      const digest = digestOf({ seed: sampled.seed, x: sampled.draw.x });
      return parts.map((part) => taskId(sampled, part, digest));
    });
    await this.#queue.keepOnly([...wanted, ...this.#pending.tasks]);
  }
}

/** By the clock of this host: those of others may go wrong. */
function timingOf(
  timing: Timing,
  worker: string,
  queuedMs: number,
  elapsedMs: number = timing.busyMs,
): Timing {
  return {
    ...timing,
    device: `${timing.device}@${worker}`,
    startedAt: Date.now() - timing.busyMs,
    queuedMs: queuedMs + Math.max(0, elapsedMs - timing.busyMs),
  };
}
