/**
 * Watches who works on what in one process of a search, from what its actors are told and say.
 *
 * @module
 */
import type {
  Candidate,
  Failed,
  ToRecorder,
  ToSampler,
  ToUpdater,
} from "../../actors/population/protocol.ts";
import type { SamplerInit } from "../../actors/population/sampler.ts";
import { parseSlotActor } from "../../actors/population/slot.ts";
import { type EvaluationKey, keyOf } from "../../actors/record/facts.ts";
import type { ExitReason, Launch, Message } from "../../actors/runtime/mod.ts";
import type { Report } from "./invariants.ts";
import type { Listener } from "./listened.ts";

/** What {@linkcode WorkWatch} needs to know. */
export interface WorkOptions {
  readonly mode: "sync" | "async";
  readonly maxAttempts: number;
  /** Of an evaluation. */
  readonly parts: readonly string[];
}

/** A slot, where one part of one evaluation is done at a time. */
interface Slot {
  readonly name: string;
  /** Parts that somebody there is ready to do. */
  readonly ready: Set<string>;
  /** What waits for a trainer of it to be there again. */
  sent: string | undefined;
  /** What was given to it and is not said to be finished. */
  task: string | undefined;
}

/** One life of a trainer, as the system knows it. */
interface Life {
  readonly slot: Slot;
  readonly part: string;
  /** What it still says reaches nobody. */
  isGone: boolean;
}

/** Follows the work of one process. */
export class WorkWatch {
  readonly #options: WorkOptions;
  readonly #report: Report;
  /** Parts of evaluations that were drawn and are not done: how often each was lost with its trainer. */
  readonly #open = new Map<string, number>();
  /** Those of them that nobody is at, by the part, and the moment since when. */
  readonly #waiting: ReadonlyMap<string, Map<string, number>>;
  readonly #slots = new Map<string, Slot>();
  /** By what they were given. */
  readonly #holders = new Map<string, Slot>();
  readonly #idle = new Set<Slot>();
  /** Counts the moments: time passes between them. */
  #moment = 0;
  #isSampling = false;
  #isOver = false;

  constructor(options: WorkOptions, report: Report) {
    this.#options = options;
    this.#report = report;
    this.#waiting = new Map(options.parts.map((part) => [part, new Map()]));
  }

  /** Listens to an actor. */
  readonly listen = (launch: Launch): Listener => {
    const place = parseSlotActor(launch.name);
    if (place) return this.#listenToTrainer(place, launch);
    switch (launch.name) {
      case "search/sampler":
        return this.#listenToSampler(launch.init as SamplerInit);
      case "search/updater":
        return {
          onDeliver: ({ from, message }) => this.#toldUpdater(message as ToUpdater, from),
        };
      case "search/recorder":
        return { onDeliver: ({ message }) => this.#toldRecorder(message as ToRecorder) };
      default:
        return {};
    }
  };

  /** Nothing is left to do at this moment, and time is to pass. */
  settled(): void {
    this.#moment++;
    if (this.#isOver) return;
    for (const { name, ready } of this.#idle) {
      for (const part of ready) {
        const [task] = this.#waiting.get(part)!.keys();
        if (task !== undefined) this.#report("no-idling", `${name} is, and ${task} waits`);
      }
      if (this.#options.mode === "async" && this.#isSampling) {
        this.#report("no-idling", `${name} is, and nothing was drawn for it`);
      }
    }
  }

  #listenToSampler({ open }: SamplerInit): Listener {
    // What an earlier process drew, and has no result.
    for (const sampled of open) this.#drawn(sampled);
    /** What it was told and has not handled: what it does before has to do with what it knew. */
    const inbox: ToSampler[] = [];
    return {
      onDeliver: ({ message }) => {
        if (inbox.push(message as ToSampler) === 1) this.#toldSampler(message as ToSampler);
      },
      onDone: () => {
        inbox.shift();
        if (inbox[0]) this.#toldSampler(inbox[0]);
      },
      onSend: (to, message) => {
        if (isCandidate(message)) this.#sent(to, message);
      },
    };
  }

  #listenToTrainer(
    { slot: name, part }: { readonly slot: string; readonly part: string },
    { mailbox }: Launch,
  ): Listener {
    const slot = this.#slots.get(name) ??
      { name, ready: new Set(), sent: undefined, task: undefined };
    this.#slots.set(name, slot);
    if (mailbox.size === 0 && slot.sent?.endsWith(`/${part}`)) slot.sent = undefined;
    const life: Life = { slot, part, isGone: false };
    return {
      onReady: () => {
        if (!life.isGone) slot.ready.add(part);
        this.#isIdle(slot);
      },
      onSend: (_, message) => {
        if (!life.isGone && message.type === "SlotFree") this.#finished(slot);
      },
      onDeliver: ({ message }) => {
        if (isCandidate(message)) this.#given(slot, message);
      },
      onStop: () => this.#unready(life),
      onKill: () => this.#gone(life),
      onExit: (reason) => {
        this.#gone(life);
        this.#lost(life, reason);
      },
    };
  }

  /** Takes note of whether a slot has nothing to do. */
  #isIdle(slot: Slot): void {
    if (slot.task === undefined && slot.sent === undefined && slot.ready.size > 0) {
      this.#idle.add(slot);
    } else this.#idle.delete(slot);
  }

  /** A trainer gets no more to do. */
  #unready({ slot, part, isGone }: Life): void {
    // Another one may have taken its place.
    if (!isGone) slot.ready.delete(part);
    this.#isIdle(slot);
  }

  #gone(life: Life): void {
    this.#unready(life);
    life.isGone = true;
  }

  #finished(slot: Slot): void {
    if (slot.task !== undefined) {
      this.#open.delete(slot.task);
      this.#holders.delete(slot.task);
    }
    slot.task = undefined;
    this.#isIdle(slot);
  }

  /** Somebody is to do a part of an evaluation. */
  #sent(to: string, candidate: Candidate): void {
    const task = taskOf(candidate);
    this.#waiting.get(candidate.part)!.delete(task);
    const slot = this.#slots.get(parseSlotActor(to)!.slot);
    if (!slot) return;
    slot.sent = task;
    this.#isIdle(slot);
  }

  /** A trainer gets something to do. */
  #given(slot: Slot, candidate: Candidate): void {
    const task = taskOf(candidate);
    if (slot.task !== undefined) {
      this.#report("one-candidate", `${slot.name} has ${slot.task} and gets ${task}`);
    }
    const other = this.#holders.get(task);
    this.#holders.set(task, slot);
    if (other && other !== slot) {
      this.#report("one-candidate", `${other.name} and ${slot.name} have ${task}`);
    }
    slot.sent = undefined;
    slot.task = task;
    this.#isIdle(slot);
  }

  #lost({ slot, part }: Life, reason: ExitReason): void {
    const { task } = slot;
    if (task === undefined || !task.endsWith(`/${part}`)) return;
    slot.task = undefined;
    this.#holders.delete(task);
    this.#isIdle(slot);
    const lost = this.#open.get(task);
    if (lost === undefined) return;
    this.#waiting.get(part)!.set(task, this.#moment);
    if (reason.kind !== "shutdown") this.#open.set(task, lost + 1);
  }

  #toldSampler(message: ToSampler): void {
    if (message.type === "Distribution") this.#isSampling = true;
    if (message.type !== "Finalists") return;
    this.#isSampling = false;
    // What waits in the search is of no use any more.
    for (const waiting of this.#waiting.values()) {
      for (const task of waiting.keys()) this.#open.delete(task);
      waiting.clear();
    }
    for (const evaluation of message.evaluations) this.#drawn(evaluation);
  }

  #toldUpdater(message: ToUpdater, from: string): void {
    if (message.type === "Failed" && from === "search/sampler") this.#givenUp(message);
    if (message.type !== "Sampled") return;
    const [first] = this.#waiting.values().flatMap((waiting) => waiting.entries().take(1));
    // A slot at which only one part can be done now may need a new candidate for it.
    const isForgotten = first && first[1] < this.#moment && this.#options.parts.length === 1;
    if (isForgotten && this.#options.mode === "async") {
      this.#report("none-forgotten", `${first[0]} waits, and ${keyOf(message)} is drawn`);
    }
    this.#drawn(message);
  }

  #givenUp(failed: Failed): void {
    const { maxAttempts } = this.#options;
    const task = taskOf(failed);
    const lost = this.#open.get(task) ?? maxAttempts;
    if (lost >= maxAttempts) return;
    this.#report("all-attempts", `${task} has failed with ${lost} of ${maxAttempts} attempts lost`);
  }

  #toldRecorder(message: ToRecorder): void {
    if (message.type === "SearchDone") this.#isOver = true;
    if (message.type !== "Evaluated") return;
    // Parts of an evaluation that has failed are done, and are of no use.
    for (const part of this.#options.parts) {
      const task = taskOf({ ...message, part });
      this.#open.delete(task);
      this.#waiting.get(part)!.delete(task);
    }
  }

  #drawn(evaluation: EvaluationKey): void {
    for (const part of this.#options.parts) {
      const task = taskOf({ ...evaluation, part });
      this.#open.set(task, 0);
      this.#waiting.get(part)!.set(task, this.#moment);
    }
  }
}

/** Names one part of an evaluation. */
function taskOf(of: EvaluationKey & { readonly part: string }): string {
  return `${keyOf(of)}/${of.part}`;
}

function isCandidate(message: Message): message is Candidate {
  return message.type === "Candidate";
}
