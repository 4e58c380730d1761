/** A part that takes virtual time, and on some candidates throws, hangs, or asks whether to go on. */
import type { Candidate } from "../../../actors/population/protocol.ts";
import { sleep, type Start } from "../../../actors/runtime/mod.ts";
import { slotBehavior, type SlotInit } from "../../../actors/population/slot.ts";
import { Random } from "../../../random.ts";

/** Starts it. */
export const start: Start<SlotInit, Candidate> = async (init, { clock }) => {
  await sleep(clock, 500);
  return slotBehavior(init, "none", async ({ genome, seed, attempt }, context, verdicts) => {
    const random = new Random(seed);
    const fate = attempt === 1 ? random.uniform() : 1;
    await sleep(clock, 1000 * Math.exp(random.normal()));
    if (fate < 0.1) throw new Error("out of luck");
    if (fate < 0.2) await new Promise(() => {});
    const value = genome.reduce((sum, x) => sum + x * x, 0);
    context.heartbeat();
    await verdicts.goesOn(1, null, { value: -value });
    return { scores: { value }, images: 0, trainingMs: 0 };
  }, () => Promise.resolve());
};
