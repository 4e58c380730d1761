/** An evaluation that takes a lognormal time, sigma 1, median a minute. */
import type { Candidate } from "../actors/population/protocol.ts";
import type { Start } from "../actors/runtime/mod.ts";
import { slotBehavior, type SlotInit } from "../actors/population/slot.ts";
import { Random } from "../random.ts";

export const start: Start<SlotInit, Candidate> = (init) =>
  slotBehavior(init, "none", async ({ genome, seed }, { clock }) => {
    const ms = 60_000 * Math.exp(new Random(seed).normal());
    await new Promise<void>((resolve) => clock.setTimer(ms, resolve));
    const value = genome.reduce((sum, x) => sum + x * x, 0);
    return { scores: { value }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
