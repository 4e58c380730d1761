/**
 * What every role on a slot does alike: take a candidate, report, and ask for the next one.
 *
 * @module
 */
import type { Scores, Timing } from "../record/facts.ts";
import type {
  Candidate,
  Failed,
  PartDone,
  Pruned,
  ToSampler,
  ToUpdater,
  Verdict,
} from "./protocol.ts";
import type { ActorRef, Behavior, Context } from "../runtime/mod.ts";
import { Verdicts } from "./verdicts.ts";

/** What every role on a slot starts from. */
export interface SlotInit {
  /** The part of an evaluation that it does. */
  readonly part: string;
  readonly slot: string;
  readonly device: string;
  readonly sampler: ActorRef<ToSampler>;
  readonly updater: ActorRef<ToUpdater, Verdict>;
  /** How long to wait for a verdict of the pruner, in milliseconds. Default: there is no pruner. */
  readonly verdictMs?: number | undefined;
}

/** The id of the actor that does a part on a slot. */
export function slotActorId(slot: string, part: string): string {
  return `${slot}-${part}`;
}

/** The slot and part of an actor's full name; `undefined` if it is not on a slot. */
export function parseSlotActor(name: string): { slot: string; part: string } | undefined {
  const match = /^slots\/(slot-\d+)-(\w+)$/.exec(name);
  return match ? { slot: match[1]!, part: match[2]! } : undefined;
}

/** Why a candidate fails however often it is tried: its other tries are left out. */
export class CertainFailure extends Error {
  /** `CertainFailure`. */
  override readonly name = "CertainFailure";
}

/** What the work on one candidate gives. */
export interface Work {
  readonly scores: Scores;
  /** As {@linkcode PartDone.shares}. */
  readonly shares?: readonly number[] | undefined;
  /** Images that went through training steps. */
  readonly images: number;
  /** Time spent in them. */
  readonly trainingMs: number;
}

/**
 * The behaviour of a role on a slot.
 *
 * @param work Does the part. A {@linkcode CertainFailure} is reported as the candidate's failure; any
 * other error ends the actor, its supervisor starts it again, and the candidate is tried again. What
 * it gives for a candidate on which it was told not to go on is not used, apart from the times.
 * @param isCertain Which other errors fail the candidate for good. Default: none.
 */
export function slotBehavior(
  init: SlotInit,
  engine: string,
  work: (
    candidate: Candidate,
    context: Context<Candidate>,
    verdicts: Verdicts,
  ) => Promise<Work>,
  stop: () => Promise<void>,
  isCertain: (error: Error) => boolean = () => false,
): Behavior<Candidate> {
  const { part, slot, device, sampler, updater } = init;
  return {
    async receive(message, context) {
      if (message.type !== "Candidate") return context.unknown(message as never);
      const { generation, candidate, repeat, attempt, queuedMs } = message;
      const key = { generation, candidate, repeat };
      const startedAt = context.clock.now();
      try {
        const verdicts = new Verdicts(init, message, context);
        const { scores, shares, images, trainingMs } = await work(message, context, verdicts);
        const prunedAt = verdicts.wanted ? await verdicts.prunedAt() : undefined;
        const timing: Timing = {
          slot,
          device,
          engine,
          attempt,
          startedAt: context.clock.epochMs() - (context.clock.now() - startedAt),
          queuedMs,
          busyMs: context.clock.now() - startedAt,
          imagesPerSecond: images === 0 || trainingMs === 0 ? 0 : (1000 * images) / trainingMs,
        };
        const done: PartDone | Pruned = prunedAt
          ? { type: "Pruned", ...key, part, ...prunedAt, timing }
          : { type: "PartDone", ...key, part, scores, ...(shares && { shares }), timing };
        await context.send(updater, done);
      } catch (error) {
        if (context.signal.aborted) {
          const lost = { ...key, attempt, counts: false, reason: "its actor was asked to stop" };
          return await context.send(sampler, { type: "SlotLost", slot, part, lost });
        }
        if (!(error instanceof Error)) throw error;
        if (!(error instanceof CertainFailure || isCertain(error))) throw error;
        const failed: Failed = { type: "Failed", ...key, part, attempt, reason: error.message };
        await context.send(updater, failed);
      }
      const finished = { generation, candidate, repeat, attempt };
      await context.send(sampler, { type: "SlotFree", slot, part, finished });
    },
    stop,
  };
}
