/**
 * Watches who works on what in one process of a search, from what its actors are told and say.
 *
 * @module
 */
import type { Candidate, Failed, ToRecorder, ToSampler, ToUpdater } from "../../actors/population/protocol.ts";
import type { SamplerInit } from "../../actors/population/sampler.ts";
import { parseSlotActor } from "../../actors/population/slot.ts";
import { type EvaluationKey, keyOf } from "../../actors/record/facts.ts";
import type {
  Envelope,
  ExitReason,
  Launch,
  Message,
  Transport,
  Uplink,
} from "../../actors/runtime/mod.ts";
import type { Report } from "./invariants.ts";

/** A trainer as the system knows it. */
interface Trainer {
  readonly name: string;
  /** What it was given and has not said to be finished. */
  candidate: string | undefined;
  /** What it still says reaches nobody. */
  isGone: boolean;
  readonly mailbox: Launch["mailbox"];
}

/** What {@linkcode WorkWatch} needs to know. */
export interface WorkOptions {
  readonly mode: "sync" | "async";
  readonly maxAttempts: number;
  readonly trainers: number;
}

/** Follows the work of one process. */
export class WorkWatch {
  readonly #options: WorkOptions;
  readonly #report: Report;
  /** Evaluations that were drawn and have no result: how many attempts were lost with their trainers. */
  readonly #open = new Map<string, number>();
  /** Those of them that no trainer is at, and the moment since when. */
  readonly #waiting = new Map<string, number>();
  /** Trainers that are ready and have nothing to do. */
  readonly #idle = new Set<Trainer>();
  readonly #control = new Map<string, Launch["mailbox"]>();
  /** Counts the moments: time passes between them. */
  #moment = 0;
  #isSampling = false;
  #isOver = false;

  constructor(options: WorkOptions, report: Report) {
    this.#options = options;
    this.#report = report;
  }

  /** A transport on which is heard what is said. */
  wrap(transport: Transport): Transport {
    return {
      sharesMemory: transport.sharesMemory,
      start: (launch, uplink) => {
        const { name, mailbox } = launch;
        const trainer: Trainer | undefined = parseSlotActor(name) &&
          { name, candidate: undefined, isGone: false, mailbox };
        if (!trainer) this.#control.set(name, mailbox);
        if (name === "search/sampler") {
          // What an earlier process drew, and has no result.
          for (const sampled of (launch.init as SamplerInit).open) this.#drawn(sampled);
        }
        const downlink = transport.start(launch, {
          ...forwarded(uplink),
          ready: () => {
            if (trainer && !trainer.isGone) this.#idle.add(trainer);
            uplink.ready();
          },
          send: (to, message, trace) => {
            if (trainer && !trainer.isGone && message.type === "SlotFree") {
              trainer.candidate = undefined;
              this.#idle.add(trainer);
            }
            if (message.type === "Candidate") this.#waiting.delete(keyOf(message as Candidate));
            const sent = uplink.send(to, message, trace);
            this.#boundMailboxes();
            return sent;
          },
          exited: (reason) => {
            if (trainer) this.#lost(trainer, reason);
            uplink.exited(reason);
          },
        });
        return {
          deliver: (envelope) => {
            if (trainer) this.#given(trainer, envelope.message as Candidate);
            else this.#told(envelope);
            downlink.deliver(envelope);
          },
          stop: (reason) => {
            if (trainer) this.#idle.delete(trainer);
            downlink.stop(reason);
          },
          kill: (reason) => {
            if (trainer) {
              this.#idle.delete(trainer);
              trainer.isGone = true;
            }
            downlink.kill(reason);
          },
        };
      },
    };
  }

  /** Nothing is left to do at this moment, and time is to pass. */
  settled(): void {
    this.#moment++;
    const [idle] = this.#idle;
    if (this.#isOver || !idle) return;
    const [waiting] = this.#waiting.keys();
    if (waiting !== undefined) this.#report("no-idling", `${idle.name} is, and ${waiting} waits`);
    if (this.#options.mode === "async" && this.#isSampling) {
      this.#report("no-idling", `${idle.name} is, and nothing was drawn for it`);
    }
  }

  /** A trainer gets a message. */
  #given(trainer: Trainer, candidate: Candidate): void {
    const { name, mailbox } = trainer;
    const key = keyOf(candidate);
    if (trainer.candidate !== undefined) {
      this.#report("one-candidate", `${name} has ${trainer.candidate} and gets ${key}`);
    }
    trainer.candidate = key;
    this.#idle.delete(trainer);
    // The one that it has just finished, and the next.
    if (mailbox.size + mailbox.waiting <= 2) return;
    this.#report("mailboxes", `${name} has ${mailbox.size} messages, and ${mailbox.waiting} wait`);
  }

  #lost(trainer: Trainer, reason: ExitReason): void {
    this.#idle.delete(trainer);
    trainer.isGone = true;
    const { candidate } = trainer;
    trainer.candidate = undefined;
    const lost = candidate === undefined ? undefined : this.#open.get(candidate);
    if (candidate === undefined || lost === undefined) return;
    this.#waiting.set(candidate, this.#moment);
    if (reason.kind !== "shutdown") this.#open.set(candidate, lost + 1);
  }

  /** An actor that controls the search gets a message. */
  #told({ from, to, message }: Envelope): void {
    switch (to) {
      case "search/sampler":
        return this.#toldSampler(message as ToSampler);
      case "search/updater":
        return this.#toldUpdater(message as ToUpdater, from);
      case "search/recorder":
        return this.#toldRecorder(message as ToRecorder);
    }
  }

  #toldSampler(message: ToSampler): void {
    if (message.type === "Distribution") this.#isSampling = true;
    if (message.type !== "Finalists") return;
    this.#isSampling = false;
    // What waits in the search is of no use any more.
    for (const key of this.#waiting.keys()) this.#open.delete(key);
    this.#waiting.clear();
    for (const evaluation of message.evaluations) this.#drawn(evaluation);
  }

  #toldUpdater(message: ToUpdater, from: string): void {
    if (message.type === "Failed" && from === "search/sampler") this.#givenUp(message);
    if (message.type !== "Sampled") return;
    const [first] = this.#waiting;
    if (first && first[1] < this.#moment && this.#options.mode === "async") {
      this.#report("none-forgotten", `${first[0]} waits, and ${keyOf(message)} is drawn`);
    }
    this.#drawn(message);
  }

  #givenUp(failed: Failed): void {
    const key = keyOf(failed);
    const { maxAttempts } = this.#options;
    const lost = this.#open.get(key) ?? maxAttempts;
    if (lost >= maxAttempts) return;
    this.#report("all-attempts", `${key} has failed with ${lost} of ${maxAttempts} attempts lost`);
  }

  #toldRecorder(message: ToRecorder): void {
    if (message.type === "SearchDone") this.#isOver = true;
    if (message.type !== "Evaluated") return;
    this.#open.delete(keyOf(message));
    this.#waiting.delete(keyOf(message));
  }

  #drawn(evaluation: EvaluationKey): void {
    this.#open.set(keyOf(evaluation), 0);
    this.#waiting.set(keyOf(evaluation), this.#moment);
  }

  /** Who sends waits until that was accepted, so that no more wait than there are senders. */
  #boundMailboxes(): void {
    for (const [name, { size, waiting, capacity }] of this.#control) {
      const most = name === "search/sampler" ? 0 : this.#options.trainers + 2;
      if (size <= capacity && waiting <= most) continue;
      this.#report("mailboxes", `${name} has ${size} messages of ${capacity}, and ${waiting} wait`);
    }
  }
}

/** What an actor says, as it was said. */
function forwarded(uplink: Uplink): Uplink {
  return {
    ready: () => uplink.ready(),
    done: (waiting) => uplink.done(waiting),
    reply: (request: number, message: Message) => uplink.reply(request, message),
    unknown: () => uplink.unknown(),
    send: (...answer) => uplink.send(...answer),
    request: (...question) => uplink.request(...question),
    heartbeat: () => uplink.heartbeat(),
    log: (level, text, fields) => uplink.log(level, text, fields),
    exited: (reason) => uplink.exited(reason),
  };
}
