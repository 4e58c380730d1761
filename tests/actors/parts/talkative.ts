/** A part that answers twice, and for candidates that it was not given. */
import type { Candidate, PartDone } from "../../../actors/population/protocol.ts";
import type { Start } from "../../../actors/runtime/mod.ts";
import type { SlotInit } from "../../../actors/population/slot.ts";

export const start: Start<SlotInit, Candidate> = ({ slot, device, updater, sampler }) => ({
  async receive({ generation, candidate, repeat, attempt, queuedMs, genome }, context) {
    const timing = {
      slot,
      device,
      engine: "none",
      attempt,
      startedAt: 0,
      queuedMs,
      busyMs: 0,
      imagesPerSecond: 0,
    };
    const value = genome.reduce((sum, x) => sum + x * x, 0);
    const answer: PartDone = {
      type: "PartDone",
      part: "measure",
      generation,
      candidate,
      repeat,
      scores: { value },
      timing,
    };
    await context.send(updater, answer);
    await context.send(updater, { ...answer, scores: { value: -1e9 } });
    await context.send(updater, {
      ...answer,
      generation: generation + 1000,
      scores: { value: -1e9 },
    });
    const finished = { generation, candidate, repeat, attempt };
    await context.send(sampler, { type: "SlotFree", slot, part: "measure", finished });
  },
});
