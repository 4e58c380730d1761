/** An evaluation that costs nothing. */
import type { Candidate } from "../actors/population/protocol.ts";
import type { Start } from "../actors/runtime/mod.ts";
import { slotBehavior, type SlotInit } from "../actors/population/slot.ts";

export const start: Start<SlotInit, Candidate> = (init) =>
  slotBehavior(init, "none", ({ genome }) =>
    Promise.resolve({
      scores: { value: genome[0]! },
      images: 0,
      trainingMs: 0,
    }), () => Promise.resolve());
