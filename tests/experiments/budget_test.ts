import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { budget, main } from "../../experiments/budget.ts";
import { claimsOf, type MethodRepeat } from "../../experiments/budget/measurements.ts";
import { ConfigurationError } from "../../options.ts";
import { conduct } from "../../experiments/findings/run_experiment.ts";
import { printed, tinyExperiment } from "./tiny_experiment.ts";

Deno.test("each method is tested after as many evaluations, and nothing is done twice", async () => {
  const runs = await Deno.makeTempDir();
  const experiment = await tinyExperiment("budget", runs);
  using _ = experiment.study;
  const text = await printed(() => conduct(budget, experiment));
  assertStringIncludes(text, "mddes after 32 evaluations > class-wise after 8");
  const read = (name: string) =>
    parse(Deno.readTextFileSync(`${experiment.directory}/${name}`), { skipFirstRow: true });
  const steps = read("steps.csv");
  assertEquals(
    steps.map(({ method, repeat, evaluations, network }) =>
      `${method} ${repeat} ${evaluations} ${network}`
    ),
    [0, 1].flatMap((repeat) =>
      Object.entries({
        "random-search": [4, 8, 16, 32],
        mddes: [4, 8, 16, 32],
        "class-wise": [4, 8],
      }).flatMap(([method, after]) =>
        after.flatMap((evaluations) =>
          [0, 1].map((network) => `${method} ${repeat} ${evaluations} ${network}`)
        )
      )
    ),
  );
  for (const { test_accuracy } of steps) assert(Number(test_accuracy) > 0);
  for (const [, own] of Map.groupBy(steps, ({ method, repeat }) => `${method} ${repeat}`)) {
    const fitness = own.map(({ best_fitness }) => Number(best_fitness));
    assertEquals(fitness, fitness.toSorted((a, b) => a - b), "the best so far only grows");
  }
  // The first generation of both is drawn before anything is learned.
  const first = steps.filter(({ evaluations, repeat }) => evaluations === "4" && repeat === "0");
  const found = first.map((step) => `${step["best_fitness"]} ${step["test_accuracy"]}`);
  assertEquals(found.slice(0, 2), found.slice(2, 4));
  const accuracies = (number: string) =>
    steps.filter(({ network }) => network === number).map((step) => step["test_accuracy"]);
  assertNotEquals(accuracies("0"), accuracies("1"), "networks differ in their seed");
  const again = await printed(() => conduct(budget, experiment));
  assertEquals(again.match(/searched before/g)?.length, 6);
  assertEquals(again.slice(again.indexOf("Budget")), text.slice(text.indexOf("Budget")));
  await Deno.remove(runs, { recursive: true });
});

Deno.test("sets whose figures would have one name are refused, before they are looked for", async () => {
  const args = ["--dataset", "a/birds,mnist,b/Birds"];
  const error = await assertRejects(
    () => main(args, new AbortController().signal),
    ConfigurationError,
  );
  assertEquals(
    error.message,
    "Option --dataset must be sets whose files can be told apart; those of a/birds and b/Birds " +
      "would all be called birds",
  );
});

Deno.test("a claim compares a method with drawing, repeat by repeat, after as many evaluations", () => {
  const one = (method: string, repeat: number, steps: (number | null)[][]): MethodRepeat => ({
    dataset: "mnist",
    method,
    repeat,
    directory: "",
    steps: steps.map((own, i) => ({
      evaluations: 10 * (i + 1),
      fitness: i,
      networks: own.map((accuracy) => ({ accuracy, failure: accuracy === null ? "why" : null })),
    })),
  });
  const claims = claimsOf([
    one("random-search", 0, [[0.9], [0.75, 0.25]]),
    one("mddes", 0, [[0.7], [0.7, null]]),
    one("class-wise", 0, [[0.1]]),
    one("random-search", 1, [[0.6], [0.5, 0.75]]),
    one("mddes", 1, [[0.4], [0.25, 0.5]]),
    one("class-wise", 1, [[0.2]]),
  ]);
  assertEquals(claims, [
    { claim: "random-search > mddes after 10 evaluations", higher: [0.9, 0.6], lower: [0.7, 0.4] },
    {
      claim: "random-search > mddes after 20 evaluations",
      higher: [0.5, 0.625],
      lower: [null, 0.375],
    },
    {
      claim: "random-search > class-wise after 10 evaluations",
      higher: [0.9, 0.6],
      lower: [0.1, 0.2],
    },
    {
      claim: "mddes after 20 evaluations > class-wise after 10",
      higher: [null, 0.375],
      lower: [0.1, 0.2],
    },
  ]);
});
