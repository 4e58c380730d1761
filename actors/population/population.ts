/**
 * A population search as a system of actors: the control actors in memory (recorder, updater,
 * sampler) and, for each slot, one actor for each part of an evaluation.
 *
 * @module
 */
import type { Journal } from "../record/journal.ts";
import { parseSlotActor, slotActorId } from "./slot.ts";
import type { FitnessTerm } from "./fitness.ts";
import type { Winner } from "../record/facts.ts";
import type { Candidate, ToRecorder, ToSampler, ToUpdater, Verdict } from "./protocol.ts";
import type { Pruner } from "./pruner.ts";
import type { RemoteSlot, RemoteSlots } from "./remote.ts";
import { type RecordedEvent, type RecorderInit, start as startRecorder } from "./recorder.ts";
import {
  actorRef,
  type Clock,
  createActorSystem,
  describeExit,
  type Envelope,
  EscalationError,
  type ExitReason,
  type Placement,
  type Supervisor,
  type SystemEvent,
} from "../runtime/mod.ts";
import { RunStopped } from "./run.ts";
import { type SamplerInit, type Slot, start as startSampler } from "./sampler.ts";
import type { AnyStrategy } from "../../strategies/mod.ts";
import type { SearchPlan, SearchProgress } from "./search_progress.ts";
import type { SlotInit } from "./slot.ts";
import type { Stopper } from "./stopper.ts";
import type { Tables } from "../record/tables.ts";
import { start as startUpdater, type UpdaterInit } from "./updater.ts";

/** What {@linkcode runPopulation} needs. */
export interface PopulationOptions {
  readonly progress: SearchProgress;
  readonly seed: number;
  /** Default: own. */
  readonly seeds?: SearchPlan["seeds"];
  readonly mode: "sync" | "async";
  readonly strategy: AnyStrategy;
  /** Default: none. */
  readonly stoppers?: readonly Stopper[];
  /** Long parts first. */
  readonly terms: readonly FitnessTerm[];
  /** Default: no candidate is pruned. */
  readonly pruner?: Pruner | undefined;
  /** One slot for each entry. */
  readonly devices: readonly string[];
  /** Of the slots' actors. */
  readonly placement: Placement;
  /** Slots on other hosts, besides. Default: none. */
  readonly remote?: RemoteSlots | undefined;
  /** Of recorder, updater and sampler: where memory is shared with this thread. Default: in memory. */
  readonly controlPlacement?: Placement;
  readonly maxAttempts: number;
  /** Time without a sign of life before an actor of a slot is killed. */
  readonly leaseMs: number;
  readonly journal: Journal;
  readonly tables: Tables;
  readonly signal: AbortSignal;
  /** Says that no more candidates are wanted. Default: they are until the end. */
  readonly finishing?: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly onEvent: (event: RecordedEvent) => void;
  /** Every event of the actor system. */
  readonly onSystemEvent?: (event: SystemEvent) => void;
  /** A slot's actor ended and is started again. */
  readonly onLost: (actor: string, reason: string) => void;
  /** What becomes of workers on other hosts, in words. */
  readonly onWorkers?: (text: string) => void;
  /** So many slots are at work. */
  readonly onBusy?: (slots: number) => void;
}

const SAMPLER = actorRef<ToSampler>("search/sampler");
const UPDATER = actorRef<ToUpdater, Verdict>("search/updater");
const RECORDER = actorRef<ToRecorder>("search/recorder");

const IN_MEMORY: Placement = { kind: "memory" };

/** An actor that failed to start this often in a row ends the run. */
const MAX_FAILED_STARTS = 20;

/**
 * Run a search to its end.
 *
 * @returns The winner; `null` if all candidates failed.
 * @throws {RunStopped} If the signal was aborted.
 * @throws {EscalationError} If an actor could not be kept alive.
 */
export async function runPopulation(options: PopulationOptions): Promise<Winner | null> {
  const { progress, terms, devices, remote, signal, finishing, clock } = options;
  const { controlPlacement = IN_MEMORY } = options;
  const done = Promise.withResolvers<Winner | null>();
  let isOver = false;
  const end = () => isOver = true;
  done.promise.then(end, end);
  const onAbort = () => done.reject(new RunStopped("The search was stopped"));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort);
  await using system = createActorSystem({ stopMs: 1500, signal, ...(clock && { clock }) });
  await using remoteWork = new AsyncDisposableStack();
  options.journal.failed.catch(done.reject);
  system.subscribe((event) => {
    try {
      options.onSystemEvent?.(event);
    } catch (error) {
      done.reject(error); // nobody else would hear of it
    }
  });
  system.subscribe((event) => void forward(event));
  const onFinish = () => void system.send(UPDATER, { type: "Finish" });

  const failedStarts = new Map<string, number>();
  /** Messages that an actor had when it ended, and that have not come back. */
  const ends = new Map<string, { left: number; readonly reason: ExitReason }>();

  /** What becomes of the slots' actors decides what work they get. */
  async function forward(event: SystemEvent): Promise<void> {
    if (event.type === "dead-letter") return await giveBack(event.envelope);
    if (event.type !== "started" && event.type !== "exited") return;
    const place = parseSlotActor(event.actor);
    if (!place || isOver) return;
    if (event.type === "started") {
      failedStarts.set(event.actor, -1);
      return await system.send(SAMPLER, { type: "SlotFree", ...place, finished: null });
    }
    const reason = describeExit(event.reason);
    if (event.reason.kind !== "shutdown") {
      options.onLost(event.actor, reason);
      const failures = (failedStarts.get(event.actor) ?? 0) + 1;
      failedStarts.set(event.actor, failures);
      if (failures >= MAX_FAILED_STARTS) {
        done.reject(
          new Error(`Cannot start ${event.actor}, ${failures} times in a row: ${reason}`),
        );
      }
    }
    ends.set(event.actor, { left: event.lost, reason: event.reason });
    await system.send(SAMPLER, { type: "SlotLost", ...place, lost: null });
  }

  /** A candidate that an actor had and has not finished, or did not get, is for somebody else. */
  async function giveBack({ to, message }: Envelope): Promise<void> {
    const place = parseSlotActor(to);
    if (!place || isOver || message.type !== "Candidate") return;
    const { generation, candidate, repeat, attempt } = message as Candidate;
    const end = ends.get(to);
    const counts = end !== undefined && end.left-- > 0 && !wasAsked(end.reason);
    const reason = end ? describeExit(end.reason) : "it was not there";
    const lostCandidate = { generation, candidate, repeat, attempt, counts, reason };
    await system.send(SAMPLER, { type: "SlotLost", ...place, lost: lostCandidate });
  }

  try {
    const slots = devices.map((device, index) => ({ name: `slot-${index}`, device }));
    const remoteSlots = Array.from(
      { length: remote?.count ?? 0 },
      (_, index) => `slot-${slots.length + index}`,
    );
    const parts = terms.map(({ part }) => part);
    const slotOf = (supervisor: string, name: string): Slot => ({
      name,
      actors: Object.fromEntries(
        parts.map((part) => [part, actorRef(`${supervisor}/${slotActorId(name, part)}`)]),
      ),
    });
    const control = await system.supervise({
      name: "search",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: [
        {
          id: "recorder",
          start: startRecorder,
          placement: controlPlacement,
          init: {
            journal: options.journal,
            tables: options.tables,
            onEvent: options.onEvent,
            onDone: done.resolve,
          } satisfies RecorderInit,
        },
        {
          id: "updater",
          start: startUpdater,
          placement: controlPlacement,
          init: {
            progress,
            terms,
            stoppers: options.stoppers ?? [],
            pruner: options.pruner,
            sampler: SAMPLER,
            recorder: RECORDER,
          } satisfies UpdaterInit,
        },
        {
          id: "sampler",
          start: startSampler,
          placement: controlPlacement,
          // Room for a message of every slot, so that the updater never waits for the sampler, which
          // may wait for the updater.
          mailboxCapacity: 100 + 4 * (slots.length + remoteSlots.length) * terms.length,
          init: {
            seed: options.seed,
            seeds: options.seeds,
            mode: options.mode,
            population: progress.population,
            strategy: options.strategy,
            slots: [
              ...slots.map(({ name }) => slotOf("slots", name)),
              ...remoteSlots.map((name) => ({ ...slotOf("remote", name), isRemote: true })),
            ],
            parts,
            maxAttempts: options.maxAttempts,
            updater: UPDATER,
            onBusy: options.onBusy ?? (() => {}),
            open: progress.searched ? [] : progress.open.filter((sampled) => sampled.repeat === 0),
            nextSerial: progress.nextSerial,
          } satisfies SamplerInit,
        },
      ],
    });
    control.ended.catch(done.reject);
    const { searched, generation } = progress;
    if (remote) {
      const standIns = await system.supervise({
        name: "remote",
        order: "parallel",
        intensity: { maxRestarts: 0, withinMs: 1 },
        children: remoteSlots.flatMap((slot) =>
          parts.map((part) => ({
            id: slotActorId(slot, part),
            start: remote.start,
            init: { slot, part } satisfies RemoteSlot,
          }))
        ),
      });
      standIns.ended.catch(done.reject);
      remoteWork.use(
        await remote.begin({
          parts,
          slots: remoteSlots,
          open: () => progress.open,
          find: (key) => progress.find(key),
          toSampler: (message) => system.send(SAMPLER, message),
          toUpdater: (message) => system.send(UPDATER, message),
          ask: (progressed) =>
            system.request(UPDATER, progressed, { timeoutMs: options.leaseMs / 2 }),
          countDuplicate: () => progress.countDuplicate(),
          tell: options.onWorkers ?? (() => {}),
          fail: done.reject,
        }),
      );
    }
    const workers = await startPatiently(() =>
      system.supervise({
        name: "slots",
        order: "parallel",
        // A candidate that kills its actor is given up after its attempts, so that restarts need no
        // limit; an actor that cannot even start has one.
        intensity: { maxRestarts: Number.MAX_SAFE_INTEGER, withinMs: 10_000 },
        backoff: { initialMs: 10, factor: 2, maxMs: 200 },
        children: slots.flatMap(({ name, device }) =>
          terms.map(({ part, module, init }) => ({
            id: slotActorId(name, part),
            start: module,
            placement: options.placement,
            heartbeatTimeoutMs: options.leaseMs,
            shutdownMs: 1200,
            init: {
              ...init,
              part,
              slot: name,
              device,
              sampler: SAMPLER,
              updater: UPDATER,
              // Less than the lease: who waits is not taken for hung.
              ...(options.pruner && { verdictMs: options.leaseMs / 2 }),
            } satisfies SlotInit,
          }))
        ),
      })
    );
    workers.ended.catch(done.reject);
    // Those that were ready first may have come further already, with what an earlier process left.
    if (progress.searched === searched && progress.generation === generation) {
      await system.send(
        SAMPLER,
        searched
          ? { type: "Finalists", evaluations: progress.open.filter(({ repeat }) => repeat > 0) }
          : progress.distribution,
      );
    }
    if (finishing?.aborted) onFinish();
    finishing?.addEventListener("abort", onFinish);
    return await done.promise;
  } catch (error) {
    // A system that was stopped while it started has no actors to talk to.
    if (signal.aborted) throw new RunStopped("The search was stopped");
    if (error instanceof EscalationError && error.cause instanceof Error) throw error.cause;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
    finishing?.removeEventListener("abort", onFinish);
  }
}

/** Whether an actor ended because it was to stop. */
function wasAsked(reason: ExitReason): boolean {
  return reason.kind === "shutdown" ||
    (reason.kind === "killed" && reason.cause === "shutdown-timeout");
}

/**
 * A trainer that was killed while it started is no reason to give up; one that cannot start is.
 *
 * @throws {EscalationError} If an actor failed by itself, or was killed too often.
 */
async function startPatiently(start: () => Promise<Supervisor>): Promise<Supervisor> {
  for (let attempt = 1;; attempt++) {
    try {
      return await start();
    } catch (error) {
      const killed = error instanceof EscalationError && error.reason.kind === "exited" &&
        error.reason.signal !== null; // one that exits by itself would do it again
      if (!killed || attempt === MAX_FAILED_STARTS) throw error;
    }
  }
}
