/** A part that answers what no part answers, each time something else. */
import type { Candidate } from "../../../actors/protocol.ts";
import type { Start } from "../../../actors/runtime/mod.ts";
import type { SlotInit } from "../../../actors/slot.ts";

const SCORES: readonly Record<string, unknown>[] = [
  { type: "Measured", fitness: "7" },
  { type: "Measured" },
  { type: "Measured", fitness: 1, timing: null },
  { type: "Measured", fitness: 1, timing: { slot: 7 } },
  { type: "Trained", mismatch: NaN, trainLoss: 0, perturbedAccuracy: 0, cleanAccuracy: 0 },
  { type: "Scored", discriminatorError: Infinity, divergence: 0 },
  { type: "Failed", reason: 7, part: "measure", attempt: 1 },
  { type: "Measured", fitness: 1, generation: "0" },
];

let answers = 0;

export const start: Start<SlotInit, Candidate> = ({ slot, device, updater, sampler }) => ({
  async receive({ generation, candidate, repeat, attempt }, context) {
    const timing = {
      slot,
      device,
      engine: "none",
      attempt,
      startedAt: 0,
      queuedMs: 0,
      busyMs: 0,
      imagesPerSecond: 0,
    };
    const key = { generation, candidate, repeat };
    const nonsense = SCORES[answers++ % SCORES.length]!;
    await context.send(updater, { ...key, timing, ...nonsense } as never);
    // An answer for what is not open, or of a part that is not asked for, ends nothing.
    await context.send(updater, { type: "Measured", ...key, timing, fitness: 3 });
    const finished = { ...key, attempt };
    await context.send(sampler, { type: "SlotFree", slot, part: "measure", finished });
  },
});
