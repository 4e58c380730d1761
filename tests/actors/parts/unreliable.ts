/** Parts of an evaluation that cost nothing and often die. */
import type { Candidate } from "../../../actors/population/protocol.ts";
import type { Start } from "../../../actors/runtime/mod.ts";
import { slotBehavior, type SlotInit } from "../../../actors/population/slot.ts";
import { deriveSeed, Random } from "../../../random.ts";

export interface UnreliableInit extends SlotInit {
  /** How likely it is to die on a candidate. */
  readonly deaths: number;
}

let lives = 0;

export const start: Start<UnreliableInit, Candidate> = (init) => {
  const random = new Random(deriveSeed(lives++));
  const work = async (candidate: Candidate) => {
    for (let turns = random.integer(4); turns > 0; turns--) {
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (random.uniform() < init.deaths) throw new Error("out of luck");
    const value = candidate.genome.reduce((sum, x) => sum - x * x, 0);
    return { value, images: 0, trainingMs: 0 };
  };
  return slotBehavior(init, "none", async (candidate) => {
    const { value, ...rest } = await work(candidate);
    return { scores: { [init.part]: value }, ...rest };
  }, () => Promise.resolve());
};
