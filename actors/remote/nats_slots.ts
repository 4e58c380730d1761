/**
 * Slots of workers on other hosts, by way of a NATS server: gives them tasks, and takes their answers.
 *
 * @module
 */
import { commandText } from "../../command_text.ts";
import { ConfigurationError } from "../../options.ts";
import { faultOf } from "../population/check_result.ts";
import type { Candidate, Progressed, SlotFree } from "../population/protocol.ts";
import type { RemoteDesk, RemoteSlot, RemoteSlots } from "../population/remote.ts";
import type { Timing } from "../record/facts.ts";
import type { Context, Start } from "../runtime/mod.ts";
import { AnswerReader } from "./answers.ts";
import type { Connection } from "./connect.ts";
import {
  type Answer,
  type AnswerMessage,
  BadMessage,
  decodeAnswer,
  digestOf,
  encode,
  MAX_BYTES,
  STREAMS,
  subjects,
  taskId,
  taskOf,
} from "./messages.ts";
import type { RunFacts } from "./open_server.ts";
import { makeQueue, makeStreams, publishUntilStored, removeRun } from "./streams.ts";
import { remoteTimes } from "./times.ts";
import { WorkerRegistry } from "./worker_registry.ts";

/** More slots than this are not used at the same time. */
const MAX_SLOTS = 256;

/** What a run is, is said again so often: what nobody says any more, the server drops after days. */
const SAY_EVERY_TICKS = 3600;

/** Answers are looked for so often, whether or not the server says that there are some. */
const READ_EVERY_TICKS = 5;

/** A part that a worker is to do. */
interface Pending {
  readonly candidate: Candidate;
  readonly task: string;
  /** When it was published, or a worker was last heard to hold it. */
  seenAt: number;
  readonly done: AbortController;
  readonly settle: (outcome: Outcome) => void;
}

/** How a part ends; `undefined` if nobody wants to know any more. */
type Outcome = { readonly answer: Answer; readonly worker: string } | "withdrawn" | undefined;

/** See {@linkcode RemoteSlots}. */
export class NatsSlots implements RemoteSlots {
  readonly count = MAX_SLOTS;
  readonly #connection: Connection;
  readonly #record: RunFacts;
  readonly #tell: (text: string) => void;
  readonly #registry: WorkerRegistry;
  readonly #answers: AnswerReader;
  readonly #session = crypto.randomUUID();
  readonly #pending = new Map<string, Pending>();
  /** Slots that the sampler may give something to. */
  readonly #open = new Set<string>();
  #mostOpen = 0;
  readonly #busy = new Set<string>();
  readonly #stop = new AbortController();
  readonly #reported = new Set<string>();
  #desk: RemoteDesk | undefined;
  #published = 0;
  #openMs = 0;
  #openSince = performance.now();

  /** @param tell Told in words what becomes of workers. */
  constructor(
    connection: Connection,
    record: RunFacts,
    tell: (text: string) => void,
  ) {
    this.#connection = connection;
    this.#record = record;
    this.#tell = tell;
    this.#registry = new WorkerRegistry(record.run, tell);
    this.#answers = new AnswerReader(
      connection,
      record.run,
      (bytes, isFirstTime) => this.#take(bytes, isFirstTime),
    );
  }

  get open(): number {
    return this.#open.size;
  }

  get mostOpen(): number {
    return this.#mostOpen;
  }

  get openMs(): number {
    this.#countTime();
    return this.#openMs;
  }

  readonly start: Start<RemoteSlot, Candidate> = ({ slot }) => ({
    receive: (candidate, context) => this.#do(slot, candidate, context),
  });

  async begin(desk: RemoteDesk): Promise<AsyncDisposable> {
    this.#desk = desk;
    const { nats, refused } = this.#connection;
    const { run } = this.#record;
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
      nats.subscribe(subjects.verdict(run), {
        callback: (_error, message) =>
          void this.#judge(message.data).then(
            (goesOn) => goesOn !== undefined && message.respond(encode({ goesOn })),
            () => {}, // Whoever gets no verdict goes on.
          ),
      }),
    ];
    const following = this.#followConnection();
    let ticks = 0;
    const timer = setInterval(() => {
      this.#tick();
      if (++ticks % READ_EVERY_TICKS === 0) this.#read();
      if (ticks % SAY_EVERY_TICKS === 0) void this.#sayRun().catch(() => {});
      if (ticks === READ_EVERY_TICKS && this.#registry.slots === 0) this.#tell(this.#invitation());
    }, remoteTimes.tick);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#stop.abort();
        clearInterval(timer);
        for (const listener of listeners) listener.unsubscribe();
        this.#statuses?.stop();
        await following;
      },
    };
  }

  async retire(): Promise<void> {
    await removeRun(this.#connection, this.#record.run);
  }

  #invitation(): string {
    const { where } = this.#connection;
    const address = where.split(", ").map((host) => `nats://${host}`).join(",");
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
    this.#busy.add(slot);
    const outcome = await new Promise<Outcome>((settle) => {
      if (context.signal.aborted) settle(undefined);
      context.signal.addEventListener("abort", () => settle(undefined));
      const done = new AbortController();
      const pending = { candidate, task, seenAt: startedAt, done, settle };
      this.#pending.set(task, pending);
      this.#publish(pending);
    });
    this.#pending.get(task)?.done.abort();
    this.#pending.delete(task);
    this.#busy.delete(slot);
    const desk = this.#desk!;
    if (outcome === undefined) return;
    if (outcome === "withdrawn" || outcome.answer.type === "GivenBack") {
      const { counts, reason } = outcome === "withdrawn" || outcome.answer.type !== "GivenBack"
        ? { counts: false, reason: "no worker took it" }
        : outcome.answer;
      const lost = { ...key, attempt, counts, reason };
      await desk.toSampler({ type: "SlotLost", slot, part, lost });
      return await this.#free(slot, part, null);
    }
    const { answer, worker } = outcome;
    const elapsedMs = performance.now() - startedAt;
    await desk.toUpdater(
      "timing" in answer
        ? {
          ...answer,
          timing: { ...timingOf(answer.timing, worker, queuedMs, elapsedMs), slot, attempt },
        }
        : answer,
    );
    await this.#free(slot, part, { ...key, attempt });
  }

  /** A slot is done with something; it stays open if there is a worker's slot for it. */
  async #free(slot: string, part: string, finished: SlotFree["finished"]): Promise<void> {
    const { toSampler, parts } = this.#desk!;
    const wasOpen = this.#open.has(slot);
    const stays = this.#open.size + (wasOpen ? 0 : 1) <= this.#target;
    this.#setOpen(slot, stays);
    const others = stays ? parts.filter((other) => other !== part) : [];
    await toSampler({ type: "SlotFree", slot, part, finished, leaves: !stays });
    if (wasOpen) return;
    for (const other of others) {
      await toSampler({ type: "SlotFree", slot, part: other, finished: null });
    }
  }

  /** How many slots there are to be. */
  get #target(): number {
    return Math.min(this.count, this.#registry.slots);
  }

  /** Opens and closes idle slots as workers come and go. */
  #adjust(): void {
    const { slots, parts, toSampler } = this.#desk!;
    if (this.#registry.slots > this.count) {
      this.#report(`more than ${this.count} slots are there; so many are used at the same time`);
    }
    for (const slot of slots) {
      if (this.#open.size >= this.#target) break;
      if (this.#open.has(slot) || this.#busy.has(slot)) continue;
      this.#setOpen(slot, true);
      for (const part of parts) void toSampler({ type: "SlotFree", slot, part, finished: null });
    }
    for (const slot of [...this.#open]) {
      if (this.#open.size <= this.#target) break;
      if (this.#busy.has(slot)) continue;
      this.#setOpen(slot, false);
      for (const part of parts) void toSampler({ type: "SlotLost", slot, part, lost: null });
    }
  }

  #setOpen(slot: string, isOpen: boolean): void {
    this.#countTime();
    if (isOpen) this.#open.add(slot);
    else this.#open.delete(slot);
    this.#mostOpen = Math.max(this.#mostOpen, this.#open.size);
  }

  #countTime(): void {
    const now = performance.now();
    this.#openMs += this.#open.size * (now - this.#openSince);
    this.#openSince = now;
  }

  #publish(pending: Pending): void {
    const { candidate, task, done } = pending;
    const { run } = this.#record;
    pending.seenAt = performance.now();
    // In the window of the server's memory for names, a task that comes again needs another name.
    const id = `${run}.${task}.${candidate.attempt}.${this.#session}.${++this.#published}`;
    const signal = AbortSignal.any([done.signal, this.#stop.signal]);
    void publishUntilStored(
      this.#connection,
      subjects.task(run, task),
      encode(taskOf(candidate)),
      { id, signal },
    );
  }

  #tick(): void {
    const now = performance.now();
    this.#registry.expire(now);
    this.#adjust();
    for (const pending of this.#pending.values()) {
      if (this.#registry.holds(pending.task)) pending.seenAt = now;
      if (now - pending.seenAt < 2 * remoteTimes.ackWait) continue;
      // Nobody has it: it waits for a worker that has gone, or the server has lost it.
      if (this.#pending.size > this.#target) this.#withdraw(pending);
      else this.#publish(pending);
    }
  }

  #withdraw({ task, settle }: Pending): void {
    const filter = subjects.task(this.#record.run, task);
    void this.#connection.jsm.streams.purge(STREAMS.tasks, { filter }).catch(() => {});
    settle("withdrawn");
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
    const pending = this.#pending.get(taskId(answer, answer.part, digest));
    if (pending) {
      const isStale = answer.type === "GivenBack" && answer.attempt !== pending.candidate.attempt;
      if (!isStale) pending.settle({ answer, worker });
      return;
    }
    if (answer.type === "GivenBack") return;
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

  async #judge(bytes: Uint8Array): Promise<boolean | undefined> {
    if (bytes.length > MAX_BYTES) return undefined;
    const progressed = JSON.parse(new TextDecoder().decode(bytes)) as Progressed;
    if (faultOf(progressed) !== undefined || progressed.type !== "Progressed") return undefined;
    return (await this.#desk!.ask(progressed)).goesOn;
  }

  #report(text: string): void {
    if (this.#reported.has(text) || this.#reported.size > 1000) return;
    this.#reported.add(text);
    this.#tell(text);
  }

  #statuses: { stop(): void } | undefined;

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
        await new Promise((resolve) => setTimeout(resolve, 200)); // It is just starting.
        if (this.#connection.nats.isClosed()) return;
      }
    }
    for (const pending of this.#pending.values()) this.#publish(pending);
  }

  /** Makes on the server what a run needs there, whatever it has lost, and reads what came meanwhile. */
  async #sync(): Promise<void> {
    const { jsm } = this.#connection;
    const { run } = this.#record;
    await makeStreams(jsm);
    await this.#sayRun();
    await makeQueue(jsm, run, remoteTimes.ackWait);
    await this.#answers.readAnew();
    await this.#removeUnwanted();
  }

  async #sayRun(): Promise<void> {
    const { js } = this.#connection;
    await js.publish(subjects.run(this.#record.run), encode(this.#record));
  }

  /** What an earlier process has asked for, and nobody wants any more, is not to be done. */
  async #removeUnwanted(): Promise<void> {
    const { jsm } = this.#connection;
    const { run } = this.#record;
    const filter = subjects.tasks(run);
    const { state } = await jsm.streams.info(STREAMS.tasks, { subjects_filter: filter });
    const { parts, open } = this.#desk!;
    const wanted = new Set(
      open().flatMap((sampled) =>
        parts.map((part) =>
          subjects.task(run, taskId(sampled, part, digestOf({ ...sampled, x: sampled.draw.x })))
        )
      ),
    );
    for (const { task } of this.#pending.values()) wanted.add(subjects.task(run, task));
    for (const subject of Object.keys(state.subjects ?? {})) {
      if (!wanted.has(subject)) await jsm.streams.purge(STREAMS.tasks, { filter: subject });
    }
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
