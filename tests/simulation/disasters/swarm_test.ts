import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { kindsIn } from "../../../simulation/disasters/fault.ts";
import { describeBreach } from "../../../simulation/disasters/invariants.ts";
import { drawPlan } from "../../../simulation/disasters/plan.ts";
import { rehearse } from "../../../simulation/disasters/rehearse.ts";
import { runSwarm } from "../../../simulation/disasters/swarm.ts";

const PLANS = 240;

Deno.test(`${PLANS} plans hold, and every kind of fault happens in them`, async () => {
  const happened = new Map(kindsIn("all").map((kind) => [kind, 0]));
  let resumed = 0;
  let repeats = 0;
  for (let number = 1; number <= PLANS; number++) {
    const { breach, faults, processes, evaluations } = await rehearse(await drawPlan(number));
    assert(!breach, breach && `deno task simulate --plan ${number}: ${describeBreach(breach)}`);
    assert(evaluations > 0);
    for (const [kind, count] of happened) happened.set(kind, count + (faults[kind] ?? 0));
    if (processes > 1) resumed++;
    repeats += processes;
  }
  const rare = [...happened].filter(([, count]) => count < PLANS / 20);
  assertEquals(rare, [], "faults that hardly happen");
  assert(resumed > PLANS / 3, `only ${resumed} plans were resumed`);
  assert(repeats > 2 * PLANS, `only ${repeats} processes`);
});

Deno.test("plans hold while trainers take time to start", async () => {
  for (let number = 1; number <= 60; number++) {
    const settings = { start: number % 2 === 0 ? "5s" : "50s" };
    const { breach } = await rehearse(await drawPlan(number, { settings }));
    assert(!breach, breach && `plan ${number}, start ${settings.start}: ${describeBreach(breach)}`);
  }
});

Deno.test("the same plan gives the same events at the same times, and another one others", async () => {
  const traces = new Set<number>();
  for (let number = 1000; number < 1010; number++) {
    const [one, other] = [
      await rehearse(await drawPlan(number)),
      await rehearse(await drawPlan(number)),
    ];
    assertEquals([one.trace, one.ms, one.faults], [other.trace, other.ms, other.faults]);
    for (const path of one.disk.paths) {
      assertEquals(one.disk.content(path), other.disk.content(path), path);
    }
    traces.add(one.trace);
  }
  assertEquals(traces.size, 10);
});

Deno.test("workers rehearse the same plans as this thread", async () => {
  const found: [number, number, number][] = [];
  const broken = await runSwarm({
    first: 20,
    plans: 6,
    changes: {},
    workers: 2,
    onPlan: ({ number, evaluations, processes }) => found.push([number, evaluations, processes]),
    signal: new AbortController().signal,
  });
  assertEquals(broken, undefined);
  const expected: [number, number, number][] = [];
  for (let number = 20; number < 26; number++) {
    const { evaluations, processes } = await rehearse(await drawPlan(number));
    expected.push([number, evaluations, processes]);
  }
  assertEquals(found.sort(([a], [b]) => a - b), expected);
});

Deno.test("what is left out of a plan leaves the rest as it was drawn", async () => {
  const whole = await drawPlan(2);
  const part = await drawPlan(2, { only: [3, 5], settings: { generations: 1, dimension: 7 } });
  assertEquals(part.faults, whole.faults.filter(({ number }) => number === 3 || number === 5));
  assertEquals(part.settings, { ...whole.settings, generations: 1, dimension: 7 });
  assertNotEquals(part.settings, whole.settings);
  const sync = await drawPlan(2, { settings: { mode: "sync" } });
  assertEquals([whole.settings.mode, sync.settings.staleness], ["async", undefined]);
});
