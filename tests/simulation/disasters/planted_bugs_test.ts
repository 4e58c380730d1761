import { assert, assertEquals } from "@std/assert";
import { type Invariant, invariants } from "../../../simulation/disasters/invariants.ts";
import { drawPlan } from "../../../simulation/disasters/plan.ts";
import { rehearse } from "../../../simulation/disasters/rehearse.ts";
import { shrink } from "../../../simulation/disasters/shrink.ts";
import { plantedBugs } from "./planted_bugs.ts";

const MOST_PLANS = 100;

for (const { name, breaks, replaced } of plantedBugs) {
  Deno.test(`the swarm finds ${name}, and makes the plan small`, async () => {
    let found: number | undefined;
    const others = new Set<Invariant>();
    for (let number = 1; number <= MOST_PLANS && found === undefined; number++) {
      const { breach } = await rehearse(await drawPlan(number), { replaced });
      if (breach?.invariant === breaks) found = number;
      else if (breach) others.add(breach.invariant);
    }
    assert(found !== undefined, `only ${[...others]} in ${MOST_PLANS} plans`);
    const { changes, breach } = await shrink(found, {}, { replaced });
    assertEquals(breach.invariant, breaks);
    const small = await drawPlan(found, changes);
    assertEquals((await rehearse(small, { replaced })).breach, breach);
    assertEquals((await rehearse(small)).breach, undefined);
    assert(small.faults.length <= 2, `${small.faults.length} faults`);
    assert(small.settings.generations! <= 2);
  });
}

Deno.test("each invariant is broken by one of these mistakes", () => {
  assertEquals(
    Object.keys(invariants).filter((name) => !plantedBugs.some(({ breaks }) => breaks === name)),
    [],
  );
});
