/**
 * The population sampler: draws candidates from the newest distribution and keeps every slot busy.
 *
 * @module
 */
import { deriveSeed, Random } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { AnyStrategy } from "../../strategies/mod.ts";
import { keyOf, type Sampled } from "../record/facts.ts";
import type { Candidate, Failed, SlotFree, ToSampler, ToUpdater } from "./protocol.ts";
import type { ActorRef, Behavior, Context, Start } from "../runtime/mod.ts";
import { evaluationSeed } from "./search_progress.ts";

/** A place where one part runs at a time, such as a processor core or a GPU. */
export interface Slot {
  readonly name: string;
  /** The actor that does each part. */
  readonly actors: Readonly<Record<string, ActorRef<Candidate>>>;
}

/** What a sampler starts from. */
export interface SamplerInit {
  readonly seed: number;
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

interface Task {
  readonly sampled: Sampled;
  readonly part: string;
  readonly attempt: number;
  readonly queuedAt: number;
}

/** Starts the sampler. */
export const start: Start<SamplerInit, ToSampler> = (init, context) => new Sampler(init, context);

class Sampler implements Behavior<ToSampler> {
  readonly #init: SamplerInit;
  readonly #ready = new Set<string>();
  readonly #busy = new Map<string, Task>();
  #queue: Task[] = [];
  #state: unknown;
  #serial: number;
  #sampling = true;

  constructor(init: SamplerInit, context: Context<ToSampler>) {
    this.#init = init;
    this.#serial = init.nextSerial;
    this.#enqueue(init.open, context.clock.now());
  }

  async receive(message: ToSampler, context: Context<ToSampler>): Promise<void> {
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
        this.#queue = [];
        this.#enqueue(message.evaluations, context.clock.now());
        break;
      case "SlotFree":
        this.#free(message);
        break;
      case "SlotLost":
        await this.#lost(message.slot, message.part, message.reason, context);
        break;
      default:
        return context.unknown(message);
    }
    await this.#assign(context);
    this.#init.onBusy(this.#busy.size);
  }

  /** Draw the next candidates. */
  async #sample(count: number, context: Context<ToSampler>): Promise<void> {
    const { population, strategy, seed, updater } = this.#init;
    const drawn: Sampled[] = [];
    for (let i = 0; i < count; i++, this.#serial++) {
      const generation = Math.floor(this.#serial / population);
      const key = { generation, candidate: this.#serial % population, repeat: 0 };
      const random = new Random(
        deriveSeed(seed, RUN_STREAMS.candidate, key.generation, key.candidate),
      );
      const draw = strategy.ask(this.#state, random, this.#serial);
      drawn.push({ type: "Sampled", ...key, seed: evaluationSeed(seed, key), draw });
    }
    for (const sampled of drawn) await context.send(updater, sampled);
    this.#enqueue(drawn, context.clock.now());
  }

  /**
   * The first part is the longest. The others of a candidate come as many places later as there are
   * slots: evaluations end steadily, and short parts fill the gaps at the end of a generation.
   */
  #enqueue(evaluations: readonly Sampled[], queuedAt: number): void {
    const { parts, slots } = this.#init;
    const tasks = evaluations.flatMap((sampled, index) =>
      parts.map((part, order) => ({
        place: index + order * (slots.length + 0.5),
        task: { sampled, part, attempt: 1, queuedAt },
      }))
    );
    this.#queue.push(...tasks.sort((a, b) => a.place - b.place).map(({ task }) => task));
  }

  async #assign(context: Context<ToSampler>): Promise<void> {
    for (const slot of this.#init.slots) {
      if (this.#busy.has(slot.name)) continue;
      const canDo = (task: Task) => this.#ready.has(`${slot.name}/${task.part}`);
      if (this.#wantsSample() && this.#init.parts.some((part) => canDo({ part } as Task))) {
        if (!this.#queue.some(canDo)) await this.#sample(1, context);
      }
      const index = this.#queue.findIndex(canDo);
      if (index < 0) continue;
      const [task] = this.#queue.splice(index, 1);
      this.#busy.set(slot.name, task!);
      await context.send(slot.actors[task!.part]!, this.#candidate(task!, context.clock.now()));
    }
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
  #free({ slot, part, finished }: SlotFree): void {
    this.#ready.add(`${slot}/${part}`);
    const task = this.#busy.get(slot);
    if (!task || !finished) return;
    const same = task.part === part && task.attempt === finished.attempt &&
      keyOf(task.sampled) === keyOf(finished);
    if (same) this.#busy.delete(slot);
  }

  async #lost(
    slot: string,
    part: string,
    reason: string,
    context: Context<ToSampler>,
  ): Promise<void> {
    this.#ready.delete(`${slot}/${part}`);
    const task = this.#busy.get(slot);
    if (!task || task.part !== part) return;
    this.#busy.delete(slot);
    if (task.attempt < this.#init.maxAttempts) {
      this.#queue.unshift({ ...task, attempt: task.attempt + 1, queuedAt: context.clock.now() });
      return;
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
