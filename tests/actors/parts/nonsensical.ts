/** A part that answers what no part answers, each time something else. */
import type { Candidate } from "../../../actors/population/protocol.ts";
import type { Start } from "../../../actors/runtime/mod.ts";
import type { SlotInit } from "../../../actors/population/slot.ts";

const ANSWERS: readonly Record<string, unknown>[] = [
  { scores: { value: "7" } },
  {},
  { scores: {} },
  { scores: { value: 1 }, timing: null },
  { scores: { value: 1 }, timing: { slot: 7 } },
  { scores: { value: 1, other: NaN } },
  { part: "train", scores: { mismatch: NaN } },
  { part: "score", scores: { divergence: Infinity } },
  { type: "Failed", reason: 7, attempt: 1 },
  { scores: { value: 1 }, generation: "0" },
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
    const nonsense = ANSWERS[answers++ % ANSWERS.length]!;
    const done = { type: "PartDone", part: "measure", ...key, timing } as const;
    await context.send(updater, { ...done, ...nonsense } as never);
    // An answer for what is not open, or of a part that is not asked for, ends nothing.
    await context.send(updater, { ...done, scores: { value: 3 } });
    const finished = { ...key, attempt };
    await context.send(sampler, { type: "SlotFree", slot, part: "measure", finished });
  },
});
