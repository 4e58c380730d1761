import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  ask,
  createRestarts,
  createState,
  nextRun,
  Random,
  type Restarts,
  type Run,
  shouldStop,
  tell,
} from "../../evolution/mod.ts";
import { evaluated } from "./objectives.ts";

/** The runs of a plan in which every run takes the evaluations that `cost` says. */
function runs(restarts: Restarts, cost: (run: Run) => number): Run[] {
  const random = new Random(1);
  const list: Run[] = [];
  let evaluations = 0;
  for (let next = nextRun(restarts, 0, random); next !== null;) {
    const [plan, run] = next;
    list.push(run);
    evaluations = cost(run);
    next = nextRun(plan, evaluations, random);
  }
  return list;
}

const first = { populationSize: 10, sigma: 2 };

Deno.test("ipop doubles the population with every restart", () => {
  const plan = createRestarts(first, { strategy: "ipop", maxRestarts: 3 });
  const list = runs(plan, (run) => run.populationSize);
  assertEquals(list.map((run) => run.populationSize), [10, 20, 40, 80]);
  assertEquals(list.map((run) => run.kind), ["first", "large", "large", "large"]);
  assert(list.every((run) => run.sigma === 2 && run.maxEvaluations === null));
});

Deno.test("bipop spends as much on small runs as on large ones", () => {
  const plan = createRestarts(first, { maxRestarts: 5 });
  const cost = (run: Run) => Math.min(100 * run.populationSize, run.maxEvaluations ?? Infinity);
  const list = runs(plan, cost);
  const spent = (kinds: readonly Run["kind"][]) =>
    list.filter((run) => kinds.includes(run.kind)).reduce((sum, run) => sum + cost(run), 0);
  assertEquals(list.filter((run) => run.kind === "large").length, 5);
  const ratio = spent(["small", "first"]) / spent(["large"]);
  assert(ratio >= 1 && ratio < 1.5, `the ratio is ${ratio}`);
  for (const run of list.filter((run) => run.kind === "small")) {
    assert(run.populationSize >= 10 && run.populationSize <= 160 && run.sigma <= 2);
    assert(run.sigma >= 0.02 && run.maxEvaluations !== null);
  }
});

Deno.test("no restart leaves the first run", () => {
  assertEquals(runs(createRestarts(first, { maxRestarts: 0 }), () => 100).length, 1);
  assertThrows(() => createRestarts(first, { maxRestarts: -1 }), RangeError, "received -1");
});

Deno.test("the plan survives JSON", () => {
  const [plan] = nextRun(createRestarts(first), 0, new Random(1))!;
  assertEquals(JSON.parse(JSON.stringify(plan)), plan);
});

Deno.test("restarts solve a function whose local optima stop a single run", () => {
  const rastrigin = (x: readonly number[]) =>
    x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v) + 10, 0);
  const random = new Random(3);
  let restarts = createRestarts({ populationSize: 8, sigma: 1 }, { strategy: "ipop" });
  const found: number[] = [];
  for (let evaluations = 0; (found.at(-1) ?? 1) > 1e-9;) {
    const [plan, run] = nextRun(restarts, evaluations, random)!;
    restarts = plan;
    const mean = Array.from({ length: 5 }, () => 6 * random.uniform() - 3);
    let state = createState({ mean, sigma: run.sigma, populationSize: run.populationSize });
    while (Object.keys(shouldStop(state, { ftarget: 1e-10 })).length === 0) {
      const [asked, candidates] = ask(state, random);
      state = tell(asked, evaluated(candidates, rastrigin));
    }
    evaluations = state.evaluations;
    found.push(state.best!.fitness);
  }
  assert(found.length > 1 && found[0]! > 0.5, `the runs found ${found}`);
});
