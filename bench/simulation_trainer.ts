/** A trainer that only waits: 30 to 90 virtual seconds, as the seed says. */
import type { Candidate } from "../actors/population/protocol.ts";
import { sleep, type Start } from "../actors/runtime/mod.ts";
import { slotBehavior, type SlotInit } from "../actors/population/slot.ts";

export const start: Start<SlotInit, Candidate> = (init) =>
  slotBehavior(init, "none", async ({ genome, seed }, { clock }) => {
    await sleep(clock, 30_000 + 60_000 * seed / 2 ** 32);
    let value = 0;
    for (const x of genome) value += x * x;
    return { scores: { value }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
