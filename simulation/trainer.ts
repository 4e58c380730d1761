/**
 * The simulated trainer: in the place of an actor that trains, one that waits as long as training
 * would take.
 *
 * @module
 */
import type { Candidate } from "../actors/population/protocol.ts";
import { CertainFailure, slotBehavior, type SlotInit } from "../actors/population/slot.ts";
import { type Context, sleep, type Start } from "../actors/runtime/mod.ts";
import type { Attempt } from "./job.ts";
import type { SimulatedObjective } from "./objectives.ts";

/** What a simulated trainer starts from, besides its place. */
export interface SimulatedTraining {
  /** Milliseconds that an attempt takes at speed 1. */
  readonly costMs: (attempt: Attempt) => number;
  /** By device. */
  readonly speeds: Readonly<Record<string, number>>;
  readonly objective: SimulatedObjective;
  /** How often it says that it is alive, in milliseconds; may be `Infinity`. */
  readonly heartbeatEveryMs: number;
  /** Told when an attempt begins, with the trainer's slot. */
  readonly onStart: (attempt: Attempt, slot: string, device: string) => void;
  /** Whether it is this part of an evaluation that gives the value. */
  readonly decides: boolean;
  /** Told when it ends; `isCut` says whether the trainer ended on the way. */
  readonly onEnd: (slot: string, isCut: boolean) => void;
}

/** Starts a simulated trainer. It runs in memory, so functions are handed over as they are. */
export const start: Start<SlotInit & SimulatedTraining, Candidate> = (init) => {
  const { costMs, speeds, objective, heartbeatEveryMs, decides, onStart, onEnd } = init;
  const { slot, device, part } = init;
  return slotBehavior(init, "simulated", async (candidate, context) => {
    onStart(candidate, slot, device);
    await work(costMs(candidate) / speeds[device]!, heartbeatEveryMs, context);
    onEnd(slot, context.signal.aborted);
    if (context.signal.aborted) throw new Error("The trainer ended before the training did");
    if (!decides) return { scores: { [part]: 0 }, images: 0, trainingMs: 0 };
    const value = objective(candidate.genome, candidate);
    if (value === null) throw new CertainFailure("the recorded evaluation failed, too");
    return { scores: { value }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};

/** Passes time, with signs of life. */
async function work(ms: number, heartbeatEveryMs: number, context: Context<Candidate>) {
  const { clock, signal } = context;
  for (let left = ms; left > 0 && !signal.aborted; left -= heartbeatEveryMs) {
    if (left < ms) context.heartbeat();
    await sleep(clock, Math.min(left, heartbeatEveryMs), signal);
  }
}
