/**
 * One slot of a worker, set up for one run: the actors that do the parts, and who hears of them.
 *
 * @module
 */
import type { Candidate, ToSampler, ToUpdater, Verdict } from "../population/protocol.ts";
import type { Progressed } from "../population/protocol.ts";
import { slotActorId, type SlotInit } from "../population/slot.ts";
import type { Answer } from "../remote/messages.ts";
import {
  actorRef,
  type ActorSystem,
  type Context,
  describeExit,
  type ExitReason,
  type Supervisor,
  type SystemEvent,
} from "../runtime/mod.ts";
import type { WorkRun } from "./work_run.ts";

/** An actor that failed to start this often in a row does not start. */
const MAX_FAILED_STARTS = 5;

/** Where a station is, and whom it asks. */
export interface StationOptions {
  /** Such as `slot-0`. */
  readonly slot: string;
  readonly device: string;
  /** Asks the pruner of the run; `undefined` if there is no answer in time. */
  readonly ask: (progressed: Progressed) => Promise<Verdict | undefined>;
}

/** See above. It does one part at a time. */
export class Station implements AsyncDisposable {
  readonly #system: ActorSystem;
  readonly #prefix: string;
  readonly #slot: string;
  readonly #ends = new Map<string, { left: number; readonly reason: ExitReason }>();
  readonly #failedStarts = new Map<string, number>();
  #supervisor: Supervisor | undefined;
  #unsubscribe: () => void = () => {};
  #task: { readonly candidate: Candidate; readonly settle: (answer: Answer) => void } | undefined;
  /** Why it can do nothing any more. */
  #broken: string | undefined;

  private constructor(system: ActorSystem, run: WorkRun, slot: string) {
    this.#system = system;
    this.#slot = slot;
    this.#prefix = `${slot}.${run.run}`;
  }

  /**
   * Starts the actors of a run on a slot.
   *
   * @throws {Error} If one does not start.
   */
  static async open(
    system: ActorSystem,
    run: WorkRun,
    { slot, device, ask }: StationOptions,
  ): Promise<Station> {
    const station = new Station(system, run, slot);
    station.#unsubscribe = system.subscribe((event) => station.#hear(event));
    const desk = `${station.#prefix}/desk`;
    try {
      station.#supervisor = await system.supervise({
        name: station.#prefix,
        intensity: { maxRestarts: Number.MAX_SAFE_INTEGER, withinMs: 10_000 },
        backoff: { initialMs: 10, factor: 2, maxMs: 200 },
        children: [
          {
            id: "desk",
            start: () => ({
              receive: (message: ToSampler | ToUpdater, context: Context<never, Verdict>) =>
                station.#receive(message, context, ask),
            }),
          },
          ...run.terms.map(({ part, module, init }) => ({
            id: slotActorId(slot, part),
            start: module,
            placement: run.placement,
            heartbeatTimeoutMs: run.leaseMs,
            shutdownMs: 1200,
            init: {
              ...init,
              part,
              slot,
              device,
              sampler: actorRef(desk),
              updater: actorRef(desk),
              ...(run.prunes && { verdictMs: run.leaseMs / 2 }),
            } satisfies SlotInit,
          })),
        ],
      });
    } catch (error) {
      station.#unsubscribe();
      throw error;
    }
    return station;
  }

  /** Why it can do nothing any more; `undefined` as long as it can. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Does a part. */
  work(candidate: Candidate): Promise<Answer> {
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        this.#task = undefined;
        resolve(answer);
      };
      this.#task = { candidate, settle };
      const to = actorRef<Candidate>(`${this.#prefix}/${slotActorId(this.#slot, candidate.part)}`);
      void this.#system.send(to, candidate);
    });
  }

  async #receive(
    message: ToSampler | ToUpdater,
    context: Context<never, Verdict>,
    ask: StationOptions["ask"],
  ): Promise<void> {
    switch (message.type) {
      case "Progressed":
        return context.reply(await ask(message) ?? { type: "Verdict", goesOn: true });
      case "PartDone":
      case "Failed":
      case "Pruned":
        if (this.#isTask(message)) this.#task!.settle(message);
        return;
      case "SlotLost":
        if (message.lost) this.#giveBack(message.lost.counts, message.lost.reason);
    }
  }

  /** Whether it is what was asked for: an actor may answer when it has been replaced already. */
  #isTask({ generation, candidate, repeat, part }: Answer): boolean {
    const { candidate: task } = this.#task ?? {};
    return task?.generation === generation && task.candidate === candidate &&
      task.repeat === repeat && task.part === part;
  }

  #giveBack(counts: boolean, reason: string): void {
    const { candidate: task, settle } = this.#task ?? {};
    if (!task || !settle) return;
    const { generation, candidate, repeat, part, attempt } = task;
    settle({
      type: "GivenBack",
      generation,
      candidate,
      repeat,
      part,
      attempt,
      counts,
      reason: reason.slice(0, 2000),
    });
  }

  #hear(event: SystemEvent): void {
    if (event.type === "dead-letter") {
      const { to, message } = event.envelope;
      if (!to.startsWith(`${this.#prefix}/`) || message.type !== "Candidate") return;
      const end = this.#ends.get(to);
      const counts = end !== undefined && end.left-- > 0 && end.reason.kind !== "shutdown";
      return this.#giveBack(counts, end ? describeExit(end.reason) : "it was not there");
    }
    if (event.type !== "started" && event.type !== "exited") return;
    if (!event.actor.startsWith(`${this.#prefix}/`)) return;
    if (event.type === "started") return void this.#failedStarts.set(event.actor, -1);
    this.#ends.set(event.actor, { left: event.lost, reason: event.reason });
    const failures = (this.#failedStarts.get(event.actor) ?? 0) + 1;
    this.#failedStarts.set(event.actor, failures);
    if (failures < MAX_FAILED_STARTS || event.reason.kind === "shutdown") return;
    this.#broken ??= describeExit(event.reason);
    this.#giveBack(false, this.#broken);
  }

  /** Stops the actors; what one was doing is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor?.stop();
    this.#giveBack(false, "its worker was asked to stop");
    this.#unsubscribe();
  }
}
