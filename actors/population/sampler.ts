/**
 * The population sampler: draws candidates from the newest distribution and keeps every slot busy.
 *
 * @module
 */
import { deriveSeed, Random } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { AnyStrategy } from "../../strategies/mod.ts";
import type { EvaluationKey, Sampled } from "../record/facts.ts";
import type {
  Candidate,
  Failed,
  LostCandidate,
  SlotFree,
  ToSampler,
  ToUpdater,
} from "./protocol.ts";
import type { ActorRef, Behavior, Context, Start } from "../runtime/mod.ts";
import { evaluationSeed, type SearchPlan } from "./search_progress.ts";
import { foundName, type Task, TaskQueue } from "./task_queue.ts";

/** A place where one part runs at a time, such as a processor core or a GPU. */
export interface Slot {
  readonly name: string;
  /** The actor that does each part. */
  readonly actors: Readonly<Record<string, ActorRef<Candidate>>>;
  /** Whether it is on another host, and may never be there. Default `false`. */
  readonly isRemote?: boolean;
}

/** What a sampler starts from. */
export interface SamplerInit {
  readonly seed: number;
  readonly seeds?: SearchPlan["seeds"];
  readonly mode: "sync" | "async";
  readonly population: number;
  readonly strategy: AnyStrategy;
  readonly slots: readonly Slot[];
  readonly parts: readonly string[];
  readonly maxAttempts: number;
  readonly updater: ActorRef<ToUpdater>;
  /** Told how many slots are at work, whenever that changes. */
  readonly onBusy: (slots: number) => void;
  /** Evaluations that an earlier process started and did not finish. */
  readonly open: readonly Sampled[];
  /** The number of the first candidate to be drawn: generation * population + candidate. */
  readonly nextSerial: number;
}

/** What the sampler knows of a slot. */
interface SlotState {
  readonly slot: Slot;
  /** Parts whose actor is there. */
  readonly ready: Set<string>;
  /** What it is doing. */
  task: Task | undefined;
}

/** Starts the sampler. */
export const start: Start<SamplerInit, ToSampler> = (init, context) => new Sampler(init, context);

class Sampler implements Behavior<ToSampler> {
  readonly #init: SamplerInit;
  readonly #slots: ReadonlyMap<string, SlotState>;
  /** Parts that are done, and may be in the queue. */
  readonly #found = new Set<string>();
  #queue: TaskQueue;
  #state: unknown;
  #serial: number;
  #sampling = true;
  #busy = 0;

  constructor(init: SamplerInit, context: Context<ToSampler>) {
    this.#init = init;
    this.#slots = new Map(
      init.slots.map((slot) => [slot.name, { slot, ready: new Set<string>(), task: undefined }]),
    );
    this.#queue = this.#newQueue();
    this.#serial = init.nextSerial;
    this.#queue.add(init.open, context.clock.now());
  }

  receive(message: ToSampler, context: Context<ToSampler>): void | Promise<void> {
    if (message.type !== "SlotFree") return this.#receiveRare(message, context);
    const state = this.#slots.get(message.slot);
    if (!state || !this.#init.parts.includes(message.part)) return;
    this.#free(state, message);
    // Whoever else is idle has found nothing to do, and would not now.
    return this.#assign(state, context);
  }

  async #receiveRare(
    message: Exclude<ToSampler, SlotFree>,
    context: Context<ToSampler>,
  ): Promise<void> {
    switch (message.type) {
      case "Distribution":
        this.#state = message.state;
        if (this.#init.mode === "sync") {
          const next = this.#init.population - (this.#serial % this.#init.population);
          // A generation that an earlier process began has its candidates in the queue already.
          const begun = this.#serial > message.version * this.#init.population;
          if (!begun || next < this.#init.population) await this.#sample(next, context);
        }
        break;
      case "Finalists":
        this.#sampling = false;
        this.#queue = this.#newQueue();
        this.#queue.add(message.evaluations, context.clock.now());
        break;
      case "SlotLost": {
        const state = this.#slots.get(message.slot)!;
        state.ready.delete(message.part);
        if (message.lost) await this.#lost(state, message.part, message.lost, context);
        break;
      }
      case "PartFound":
        this.#found.add(foundName(message, message.part));
        return;
      default:
        return context.unknown(message);
    }
    await this.#assignAll(context);
  }

  #newQueue(): TaskQueue {
    const { parts, slots } = this.#init;
    return new TaskQueue(parts, slots.filter(({ isRemote }) => !isRemote).length, this.#found);
  }

  /** Draw the next candidates. */
  async #sample(count: number, context: Context<ToSampler>): Promise<void> {
    const { population, strategy, seed, updater } = this.#init;
    const drawn: Sampled[] = [];
    for (let i = 0; i < count; i++, this.#serial++) {
      const generation = Math.floor(this.#serial / population);
      const candidate = this.#serial % population;
      const random = new Random(deriveSeed(seed, RUN_STREAMS.candidate, generation, candidate));
      const draw = strategy.ask(this.#state, random, this.#serial);
      const its = evaluationSeed(this.#init, { generation, candidate, repeat: 0 });
      drawn.push({ type: "Sampled", generation, candidate, repeat: 0, seed: its, draw });
    }
    for (const sampled of drawn) await context.send(updater, sampled);
    this.#queue.add(drawn, context.clock.now());
  }

  /** Gives every idle slot something to do, as far as there is something. */
  async #assignAll(context: Context<ToSampler>): Promise<void> {
    for (const state of this.#slots.values()) {
      if (!state.task && state.ready.size > 0) await this.#assign(state, context);
    }
  }

  /** Gives a slot something to do, if it is idle and there is something. */
  async #assign(state: SlotState, context: Context<ToSampler>): Promise<void> {
    const { slot, ready } = state;
    if (state.task || ready.size === 0) return;
    const samples = this.#wantsSample() && !this.#queue.has(ready);
    if (samples) await this.#sample(1, context);
    const task = this.#queue.take(ready);
    if (!task) return;
    state.task = task;
    this.#countBusy(1);
    await context.send(slot.actors[task.part]!, this.#candidate(task, context.clock.now()));
    // Others may have waited for another part of a new candidate.
    if (samples && this.#init.parts.length > 1) await this.#assignAll(context);
  }

  #countBusy(change: 1 | -1): void {
    this.#busy += change;
    this.#init.onBusy(this.#busy);
  }

  #wantsSample(): boolean {
    return this.#init.mode === "async" && this.#sampling && this.#state !== undefined;
  }

  #candidate({ sampled, part, attempt, queuedAt }: Task, now: number): Candidate {
    const { generation, candidate, repeat, seed, draw } = sampled;
    return {
      type: "Candidate",
      generation,
      candidate,
      repeat,
      part,
      attempt,
      seed,
      genome: draw.x,
      queuedMs: now - queuedAt,
    };
  }

  /** Only the work that was finished is taken off: the slot's other actor may be busy. */
  #free(state: SlotState, { part, finished, leaves = false }: SlotFree): void {
    const { ready, task } = state;
    if (leaves) ready.clear();
    else ready.add(part);
    if (!task || !finished || !isSame(task, { ...finished, part })) return;
    state.task = undefined;
    this.#countBusy(-1);
  }

  async #lost(
    state: SlotState,
    part: string,
    lost: LostCandidate,
    context: Context<ToSampler>,
  ): Promise<void> {
    const { task } = state;
    if (!task || !isSame(task, { ...lost, part })) return;
    state.task = undefined;
    this.#countBusy(-1);
    const { counts, reason } = lost;
    if (!counts || task.attempt < this.#init.maxAttempts) {
      const attempt = counts ? task.attempt + 1 : task.attempt;
      return this.#queue.again(task, context.clock.now(), attempt);
    }
    const { generation, candidate, repeat } = task.sampled;
    const failed: Failed = {
      type: "Failed",
      generation,
      candidate,
      repeat,
      part,
      attempt: task.attempt,
      reason,
    };
    await context.send(this.#init.updater, failed);
  }
}

/** Whether it is this task that an actor speaks of. */
function isSame(
  { sampled, part, attempt }: Task,
  other: EvaluationKey & Pick<Task, "part" | "attempt">,
): boolean {
  return sampled.candidate === other.candidate && sampled.generation === other.generation &&
    sampled.repeat === other.repeat && part === other.part && attempt === other.attempt;
}
