/** What can be put into a search from outside: strategies and stoppers of one's own. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { replaySearch } from "../../../actors/search.ts";
import {
  ConfigurationError,
  minimize,
  type MinimizeOptions,
  type PopulationEvent,
  resume,
  resumeMinimize,
  RunStopped,
  search,
} from "../../../mod.ts";
import { COMPARABLE, readFiles, single, small } from "../small_search.ts";

const example = (name: string) => new URL(`../../../examples/${name}.ts`, import.meta.url).href;
const stepwise = new URL("../objectives/stepwise.ts", import.meta.url);
const objective = (name: string) => new URL(`../objectives/${name}.ts`, import.meta.url);

const descent: Omit<MinimizeOptions, "directory"> = {
  evaluator: objective("sphere"),
  mean: [1, 1, 1],
  sigma: 0.5,
  generations: 60,
  finalists: 1,
  finalistRepeats: 0,
  workers: 2,
  seed: 3,
};

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const rowsOf = (directory: string, file: string) =>
  parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });

const summaryOf = (directory: string) =>
  JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a strategy of one's own descends, and goes on after a stop: ${mode}`, async () => {
    await using folder = await scratch();
    const options: Omit<MinimizeOptions, "directory"> = {
      ...descent,
      evaluator: objective("slow_sphere"),
      strategy: example("one_plus_one"),
      generations: 90,
      mode,
      // In async mode what is drawn depends on what is there.
      workers: 1,
    };
    const [whole, stopped] = [`${folder.path}/whole`, `${folder.path}/stopped`];
    {
      await using run = minimize({ ...options, directory: whole });
      const { value } = await run.result;
      assert(value < 0.01, `${value}`);
    }
    const rows = rowsOf(whole, "generations.csv");
    assertEquals(rows.length, 90);
    assert(rows.every(({ axis_ratio }) => axis_ratio === "1"));
    {
      await using run = minimize({ ...options, directory: stopped });
      let evaluated = 0;
      for await (const event of run) {
        if (event.type === "evaluated" && ++evaluated === 20) run.stop();
      }
      await assertRejects(() => run.result, RunStopped);
    }
    await using again = resumeMinimize(stopped);
    await again.result;
    assertEquals(readFiles(stopped, COMPARABLE), readFiles(whole, COMPARABLE));
  });
}

Deno.test("a search for pixels takes a strategy of one's own, and replays", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({
    ...small,
    strategy: example("one_plus_one"),
    generations: 6,
    directory,
  });
  await run.result;
  assertEquals(rowsOf(directory, "candidates.csv").length, 6);
  assertEquals((await replaySearch(directory)).filter(({ differsAt }) => differsAt !== null), []);
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${directory}/config.json`));
  assertEquals(configuration.strategy, example("one_plus_one"));
});

Deno.test("a search ends when its target is reached, its time is over, or it has converged", async () => {
  await using folder = await scratch();
  const cases = [
    [{ target: 0.5 }, "the target 0.5 is reached"],
    [{ maxSeconds: 0 }, "0 seconds are over"],
    [{ stop: ["converged"], generations: 2000 }, "is met, with"],
    [{ stop: ["tolx"], generations: 2000 }, "tolx is met, with"],
  ] as const;
  for (const [index, [wish, reason]] of cases.entries()) {
    const directory = `${folder.path}/${index}`;
    const { generations = 60 } = wish as { generations?: number };
    await using run = minimize({ ...descent, ...wish as object, directory });
    const events: PopulationEvent[] = [];
    for await (const event of run) events.push(event);
    const { value } = await run.result;
    const ended = events.find((event) => event.type === "ended");
    assert(ended?.type === "ended");
    assertStringIncludes(ended.reason, reason);
    const rows = rowsOf(directory, "generations.csv");
    assertEquals(rows.length, ended.generation! + 1);
    assert(rows.length < generations);
    assertEquals(summaryOf(directory).ended, ended.reason);
    if ("target" in wish) {
      assert(value <= 0.5);
      assert(rows.slice(0, -1).every((row) => -Number(row.best_so_far) > 0.5));
    }
    // It is done: a resume has nothing to do.
    const before = readFiles(directory, COMPARABLE);
    await using again = resumeMinimize(directory);
    assertEquals((await again.result).value, value);
    assertEquals(readFiles(directory, COMPARABLE), before);
  }
});

Deno.test("a search that a stopper of one's own ended goes on with more generations", async () => {
  await using folder = await scratch();
  const [whole, ended] = [`${folder.path}/whole`, `${folder.path}/ended`];
  const options = { ...single, mismatchWeight: 0, finalistRepeats: 0 };
  {
    await using run = search({ ...options, generations: 14, directory: whole });
    await run.result;
  }
  const file = `${folder.path}/third.ts`;
  Deno.writeTextFileSync(
    file,
    "export const stopper = () => { let seen = 0; " +
      "return () => ++seen === 3 ? 'three are enough' : undefined; };",
  );
  {
    await using run = search({ ...options, generations: 10, stop: [file], directory: ended });
    await run.result;
  }
  assertEquals(rowsOf(ended, "generations.csv").length, 3);
  assertEquals(summaryOf(ended).ended, "three are enough");
  assertEquals((await replaySearch(ended)).filter(({ differsAt }) => differsAt !== null), []);
  await using again = resume(ended, { generations: 14 });
  await again.result;
  assertEquals(readFiles(ended, COMPARABLE), readFiles(whole, COMPARABLE));
  assertEquals(summaryOf(ended).ended, null);
});

Deno.test("the example of a stopper ends a search that finds nothing better", async () => {
  await using folder = await scratch();
  const flat = `${folder.path}/flat.ts`;
  Deno.writeTextFileSync(flat, "export const evaluate = () => 1;");
  await using run = minimize({
    ...descent,
    evaluator: new URL(`file://${flat}`),
    stop: [example("patience")],
    directory: `${folder.path}/run`,
  });
  await run.result;
  assertEquals(rowsOf(`${folder.path}/run`, "generations.csv").length, 11);
});

Deno.test("a strategy or stopper that cannot be used is one line", async () => {
  await using folder = await scratch();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(`${folder.path}/${name}.ts`, text);
    return `${folder.path}/${name}.ts`;
  };
  const strategy = (body: string) => `export const strategy = () => (${body});`;
  const whole = "create: () => 0, populationSize: () => 2, tell: (state) => state, " +
    "show: () => ({ sigma: 1, axisRatio: 1 })";
  const cases: [Partial<MinimizeOptions>, string][] = [
    [
      { strategy: "greedy" },
      "Option strategy must be one of cma-es, class-wise, random or the path of a file",
    ],
    [{ strategy: `${folder.path}/none.ts` }, "there is no such file"],
    [{ strategy: file("empty", "") }, "expected a module that exports a function strategy()"],
    [{ strategy: file("gone", "Deno.exit(0);") }, "it ended its process, with code 0"],
    [{ strategy: file("text", strategy('"no"')) }, "expected an object with the functions"],
    [{ strategy: file("half", strategy(`{ ${whole} }`)) }, "expected a function ask"],
    [
      { strategy: file("far", strategy(`{ ${whole}, ask: () => ({ x: [1], version: 0 }) }`)) },
      "ask must give x, a list of 3 finite numbers, received [ 1 ]",
    ],
    [
      {
        strategy: file("out", strategy(`{ ${whole}, ask: () => ({ x: [1, 9, 1], version: 0 }) }`)),
        lower: [null, -2, null],
        upper: 4,
      },
      "ask must give x within the bounds, which at coordinate 1 are [-2, 4], received [ 1, 9, 1 ]",
    ],
    [
      {
        strategy: file(
          "centre",
          strategy(
            `{ ${whole}, ask: () => ({ x: [1, 1, 1], version: 0 }),
               show: () => ({ sigma: 1, axisRatio: 1, mean: [0] }) }`,
          ),
        ),
      },
      "show must give mean, if at all, as a list of 3 finite numbers, received [ 0 ]",
    ],
    [
      { strategy: file("late", strategy(`{ ${whole}, ask: async () => ({}) }`)) },
      "ask gave a promise",
    ],
    [
      {
        strategy: file(
          "thrower",
          strategy(`{ ${whole}, ask() { throw new Error("no idea\\nat all"); } }`),
        ),
      },
      "ask failed: no idea",
    ],
    [
      { strategy: file("sign", `export const strategy = () => { throw Symbol("no"); };`) },
      "strategy failed: Symbol(no)",
    ],
    [
      { strategy: file("getter", strategy(`{ ${whole}, get ask() { throw Symbol("no"); } }`)) },
      "ask failed: Symbol(no)",
    ],
    [
      {
        strategy: file(
          "proxy",
          strategy(`{ ${whole}, ask: () => new Proxy({}, { get() { throw Symbol("no"); } }) }`),
        ),
      },
      "ask failed: ",
    ],
    [
      {
        strategy: file(
          "grower",
          `let size = 2; ${
            strategy(`{ ${whole}, ask: () => ({ x: [1, 1, 1], version: 0 }),
            populationSize: () => size++ }`)
          }`,
        ),
      },
      "populationSize must stay 2 in the whole run, received 3",
    ],
    [
      {
        mode: "async",
        strategy: file(
          "single",
          strategy(`{ ${whole}, ask: () => ({ x: [1, 1, 1], version: 0 }), tellOne: () => 1 }`),
        ),
      },
      "tellOne must give state, counts and updated",
    ],
    [
      {
        stop: ["converged"],
        strategy: file(
          "met",
          strategy(`{ ${whole}, ask: () => ({ x: [1, 1, 1], version: 0 }),
            converged: () => ({ tolx: Symbol("no") }) }`),
        ),
      },
      "converged must give numbers by name",
    ],
    [
      { stop: [file("thrown", `export const stopper = () => () => { throw Symbol("no"); };`)] },
      "it failed: Symbol(no)",
    ],
    [
      { strategy: file("leaver", strategy(`{ ${whole}, ask: () => Deno.exit(0) }`)) },
      "it ended its process, with code 0",
    ],
    [
      { stop: [file("quitter", "export const stopper = () => () => Deno.exit(3);")] },
      "it ended its process, with code 3",
    ],
    [
      { pruner: file("ender", "export const pruner = () => Deno.exit(4);"), evaluator: stepwise },
      "it ended its process, with code 4",
    ],
    [{ stop: ["soon"] }, "Option stop must be a list of converged, tolx,"],
    [{ stop: [file("nothing", "")] }, "expected a module that exports a function stopper()"],
    [{ stop: [file("one", "export const stopper = () => 1;")] }, "to give a function"],
    [
      { stop: [file("number", "export const stopper = () => () => 1;")] },
      "expected a text or undefined, received 1",
    ],
    [{ target: NaN }, "target must be"],
    [{ maxSeconds: -1 }, "maxSeconds must be"],
  ];
  for (const [index, [wrong, message]] of cases.entries()) {
    await using run = minimize({ ...descent, ...wrong, directory: `${folder.path}/${index}` });
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
});

Deno.test("what a strategy or stopper does to what it is shown reaches no file", async () => {
  await using folder = await scratch();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(`${folder.path}/${name}.ts`, text);
    return `${folder.path}/${name}.ts`;
  };
  const strategy = (tell: string) =>
    `let last; export const strategy = () => ({
      create: () => 0,
      populationSize: () => 3,
      ask: (version, random) => (last = { x: [0, 0, 0].map(() => random.normal()), version }),
      tell(version, results) { ${tell} return version + 1; },
      show: () => ({ sigma: 1, axisRatio: 1 }),
    });`;
  const rude = {
    strategy: file(
      "rude",
      strategy("for (const told of results) told.x[0] = told.fitness = 77; last.x[0] = 77;"),
    ),
    stop: [
      file(
        "vandal",
        "export const stopper = () => (done) => { done.bestSoFar = done.means = 77; };",
      ),
    ],
  };
  const options = { ...descent, workers: 1, generations: 4 };
  const [polite, directory] = [`${folder.path}/polite`, `${folder.path}/run`];
  await using first = minimize({
    ...options,
    strategy: file("polite", strategy("")),
    directory: polite,
  });
  const { x, value } = await first.result;
  await using run = minimize({ ...options, ...rude, directory });
  const found = await run.result;
  assertEquals([found.x, found.value], [x, value]);
  assertEquals(readFiles(directory, COMPARABLE), readFiles(polite, COMPARABLE));
  await using again = resumeMinimize(directory);
  await again.result;
  assertEquals(readFiles(directory, COMPARABLE), readFiles(polite, COMPARABLE));
});
