/**
 * What one slot of a worker does: takes turns among the runs, and keeps the actors of some of them.
 *
 * @module
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { Progressed, Verdict } from "../population/protocol.ts";
import type { Connection } from "../remote/connect.ts";
import { MAX_BYTES, subjects } from "../remote/messages.ts";
import { pause } from "../remote/streams.ts";
import { remoteTimes } from "../remote/times.ts";
import type { ActorSystem } from "../runtime/mod.ts";
import { type Doer, doTask } from "./do_task.ts";
import type { ServedRun } from "./run_catalog.ts";
import { Station } from "./station.ts";
import type { WorkRun } from "./work_run.ts";

/** How long to ask for a task before looking at another run's. */
const ASK_MS = 1000;

/** A slot keeps its actors for so many runs. */
const STATIONS = 2;

/** What a slot needs of its worker. */
export interface SlotOptions {
  /** Such as `slot-0`. */
  readonly slot: string;
  readonly device: string;
  readonly system: ActorSystem;
  readonly doer: Doer;
  /** The runs that there are. */
  readonly served: () => readonly ServedRun[];
  /** Told that this slot cannot work for a run, and why; others may. */
  readonly onUnable: (slot: WorkerSlot, work: WorkRun, why: string) => void;
}

/** See above. */
export class WorkerSlot {
  readonly slot: string;
  readonly device: string;
  readonly #options: SlotOptions;
  readonly #unable = new WeakSet<WorkRun>();
  /** The actors of runs, by their names. */
  readonly #stations = new Map<string, Station>();

  constructor(options: SlotOptions) {
    this.slot = options.slot;
    this.device = options.device;
    this.#options = options;
  }

  /** Whether it can work for a run, as far as is known. */
  canWorkFor(work: WorkRun): boolean {
    return !this.#unable.has(work);
  }

  /** Works until the worker leaves. */
  async serve(): Promise<void> {
    const { doer, served: all } = this.#options;
    /** When each run was asked for a task, the last time. */
    const asked = new Map<string, number>();
    const askedAt = ({ work }: ServedRun) => asked.get(work.run) ?? -Infinity;
    while (!doer.leave.aborted) {
      const runs = all().filter(({ work }) => this.canWorkFor(work))
        .toSorted((a, b) => askedAt(a) - askedAt(b));
      await this.#closeOthers(runs);
      const served = await firstWithWork(runs, askedAt);
      if (!served) {
        await pause(200, doer.leave);
        continue;
      }
      asked.set(served.work.run, performance.now());
      try {
        const station = await this.#stationFor(served.work);
        if (!station) continue;
        const message = await nextOf(served, doer.left);
        if (message) await doTask(message, served, station, this, doer);
      } catch {
        // The queue or the server is away. Both may come again.
        await pause(500, doer.leave);
      }
    }
    for (const station of this.#stations.values()) await station[Symbol.asyncDispose]();
  }

  async #stationFor(work: WorkRun): Promise<Station | undefined> {
    const { system, slot, device, doer: { connection } } = this.#options;
    const stations = this.#stations;
    const known = stations.get(work.run);
    if (known?.broken !== undefined) {
      this.#giveUp(work, known.broken);
      return undefined;
    }
    stations.delete(work.run);
    if (stations.size >= STATIONS) {
      const [[run, oldest]] = stations as unknown as [[string, Station]];
      stations.delete(run);
      await oldest[Symbol.asyncDispose]();
    }
    try {
      const station = known ?? await Station.open(system, work, {
        slot,
        device,
        ask: (progressed) => askPruner(connection, work.run, progressed, work.leaseMs / 2),
      });
      stations.set(work.run, station);
      return station;
    } catch (error) {
      this.#giveUp(work, (error as Error).message);
      return undefined;
    }
  }

  #giveUp(work: WorkRun, why: string): void {
    this.#unable.add(work);
    this.#options.onUnable(this, work, why);
  }

  /** Runs that are over need no actors. */
  async #closeOthers(runs: readonly ServedRun[]): Promise<void> {
    for (const [run, station] of this.#stations) {
      if (runs.some(({ work }) => work.run === run)) continue;
      this.#stations.delete(run);
      await station[Symbol.asyncDispose]();
    }
  }
}

/** What the pruner of a run says; `undefined` if there is no answer in time. */
async function askPruner(
  { nats }: Connection,
  run: string,
  progressed: Progressed,
  timeout: number,
): Promise<Verdict | undefined> {
  try {
    const { data } = await nats.request(subjects.verdict(run), JSON.stringify(progressed), {
      timeout,
    });
    if (data.length > MAX_BYTES) return undefined;
    const { goesOn } = JSON.parse(new TextDecoder().decode(data)) as { goesOn?: unknown };
    return typeof goesOn === "boolean" ? { type: "Verdict", goesOn } : undefined;
  } catch {
    return undefined; // Nobody is there to be asked.
  }
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
