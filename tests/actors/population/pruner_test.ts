import { assert, assertEquals, assertRejects } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { readJournal } from "../../../actors/record/journal.ts";
import type { Candidate, ToUpdater, Verdict } from "../../../actors/population/protocol.ts";
import { median } from "../../../actors/population/pruner.ts";
import { ReportHistory } from "../../../actors/population/report_history.ts";
import { actorRef, createActorSystem, type Start } from "../../../actors/runtime/mod.ts";
import { replaySearch } from "../../../actors/search.ts";
import { Verdicts } from "../../../actors/population/verdicts.ts";
import {
  ConfigurationError,
  minimize,
  type MinimizeOptions,
  type Objective,
  type Pruner,
  resumeMinimize,
  search,
  type SearchRunOptions,
} from "../../../mod.ts";
import { COMPARABLE, readFiles, small, undivergent } from "../small_search.ts";

const stepwise = new URL("../objectives/stepwise.ts", import.meta.url);

/** Down a sphere that reports on the way. */
const descent: Omit<MinimizeOptions, "directory"> = {
  evaluator: stepwise,
  mean: [1, 1, 1],
  sigma: 0.5,
  population: 8,
  generations: 6,
  finalists: 3,
  finalistRepeats: 2,
  workers: 3,
  seed: 3,
  pruner: "median",
};

const pruning: SearchRunOptions = {
  ...small,
  epochs: 2,
  population: 6,
  generations: 2,
  pruner: "median",
};

const rowsOf = (directory: string, file: string) =>
  parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });

const summaryOf = (directory: string) =>
  JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function minimized(directory: string, options: Partial<MinimizeOptions> = {}) {
  await using run = minimize({ ...descent, ...options, directory });
  await run.result;
  return readFiles(directory, COMPARABLE);
}

async function searched(directory: string, options: SearchRunOptions = {}) {
  await using run = search({ ...pruning, ...options, directory });
  await run.result;
  return readFiles(directory, COMPARABLE);
}

Deno.test("the median prunes what is below it, once there are five values", () => {
  const progress = { generation: 1, candidate: 0, step: 1, steps: 4, scores: {} };
  const history = (values: number[]) =>
    values.map((value, candidate) => ({ generation: 0, candidate, value, fitness: null }));
  assertEquals(median({ ...progress, value: -9 }, history([1, 2, 3, 4])), false);
  for (const [values, middle] of [[[5, 1, 4, 2, 3], 3], [[6, 1, 5, 2, 4, 3], 3.5]] as const) {
    assertEquals(median({ ...progress, value: middle }, history([...values])), false);
    assertEquals(median({ ...progress, value: middle - 0.1 }, history([...values])), true);
  }
});

Deno.test("the history is in the order of the candidates, and a pruner cannot change it", () => {
  const evaluated = (candidate: number, reports?: Record<number, number>) => ({
    type: "Evaluated" as const,
    generation: 0,
    candidate,
    repeat: 0,
    seed: 0,
    distribution: 0,
    age: 0,
    status: "ok" as const,
    fitness: candidate,
    scores: {},
    timings: {},
    reason: null,
    ...(reports && { reports }),
  });
  const history = new ReportHistory();
  history.add([evaluated(2, { 1: 0.5, 2: 0.7 }), evaluated(1), evaluated(0, { 1: 0.1 })]);
  history.at(1).pop();
  assertEquals(history.at(1).map(({ candidate, value }) => [candidate, value]), [[0, 0.1], [
    2,
    0.5,
  ]]);
  assertEquals(history.at(2), [{ generation: 0, candidate: 2, value: 0.7, fitness: 2 }]);
  assertEquals(history.at(3), []);
});

Deno.test("an objective's candidates are pruned the same by any number of workers", async () => {
  await using folder = await scratch();
  const one = `${folder.path}/one`;
  const alone = await minimized(one, { workers: 1 });
  const together = await minimized(`${folder.path}/three`);
  assertEquals(together, alone);

  const rows = rowsOf(one, "candidates.csv");
  const pruned = rows.filter(({ status }) => status === "pruned");
  assert(pruned.length > 5 && pruned.length < 40, `${pruned.length} were pruned`);
  assert(pruned.every(({ fitness, generation }) => fitness === "" && generation !== "0"));
  assertEquals(summaryOf(one).pruned, pruned.length);
  assertEquals(summaryOf(one).failed, 0);
  const timings = rowsOf(one, "timings.csv");
  assert(timings.every(({ train_ms, worker }) => train_ms !== "" && worker === "slot-0"));

  const finalists = rowsOf(one, "finalists.csv");
  assertEquals(finalists.length, 6);
  assert(finalists.every(({ status }) => status === "ok"));
  const keyOf = ({ generation, candidate }: Record<string, string>) => `${generation}/${candidate}`;
  const lost = new Set(pruned.map((row) => keyOf(row as Record<string, string>)));
  assert(finalists.every((row) => !lost.has(keyOf(row as Record<string, string>))));

  const { events } = await readJournal(`${one}/journal.jsonl`);
  for (const event of events) {
    if (event.type !== "Evaluated") continue;
    const steps = Object.keys(event.reports ?? {});
    if (event.repeat > 0) assertEquals(event.reports, undefined);
    else if (event.status === "ok") assertEquals(steps, ["1", "2", "3"]);
    else {
      assertEquals(event.reason, `the pruner ended the measure after step ${steps.length}`);
    }
  }
});

Deno.test("a run with a pruner goes on after a crash as if there had been none", async () => {
  await using folder = await scratch();
  const whole = `${folder.path}/whole`;
  const directory = `${folder.path}/crashed`;
  const files = await minimized(whole);
  Deno.mkdirSync(directory);
  Deno.copyFileSync(`${whole}/config.json`, `${directory}/config.json`);
  const lines = Deno.readTextFileSync(`${whole}/journal.jsonl`).split("\n").slice(0, 58);
  assert(lines.some((line) => line.includes('"status":"pruned"')));
  Deno.writeTextFileSync(`${directory}/journal.jsonl`, lines.map((line) => `${line}\n`).join(""));
  await using run = resumeMinimize(directory, { workers: 2 });
  await run.result;
  assertEquals(readFiles(directory, COMPARABLE), files);
  assertEquals(summaryOf(directory).pruned, summaryOf(whole).pruned);
});

Deno.test("a candidate whose worker is lost on the way is pruned as if it had not been", async () => {
  await using folder = await scratch();
  const evaluator = new URL(stepwise);
  evaluator.searchParams.set("crash", `${folder.path}/crashed`);
  const calm = await minimized(`${folder.path}/calm`);
  const wild = await minimized(`${folder.path}/wild`, { evaluator });
  assert(Deno.statSync(`${folder.path}/crashed`).isFile);
  assertEquals(wild, calm);
});

Deno.test("an asynchronous search can be pruned, too", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await minimized(directory, { mode: "async" });
  assert(summaryOf(directory).pruned > 0);
});

Deno.test("a search's trainings are pruned the same on any number of slots, in processes too", async () => {
  await using folder = await scratch();
  const one = `${folder.path}/one`;
  const alone = await searched(one, { devices: ["cpu"] });
  const many = { devices: ["cpu:3"], isolation: "process" } as const;
  assertEquals(await searched(`${folder.path}/three`, many), alone);
  const pruned = rowsOf(one, "candidates.csv").filter(({ status }) => status === "pruned");
  assert(pruned.length > 0 && pruned.length <= 6, `${pruned.length} were pruned`);
  assertEquals((await replaySearch(one)).filter(({ differsAt }) => differsAt !== null), []);
});

Deno.test("a pruner that prunes nothing changes no byte", async () => {
  await using folder = await scratch();
  const never = `${folder.path}/never.ts`;
  Deno.writeTextFileSync(never, "export const pruner = () => false;");
  const options = { ...undivergent, epochs: 3, generations: 1, finalistRepeats: 0 };
  const asked = await searched(`${folder.path}/with`, { ...options, pruner: never });
  const plain = await searched(`${folder.path}/without`, { ...options, pruner: undefined });
  assertEquals(asked, plain);
  assertEquals(summaryOf(`${folder.path}/with`).pruned, 0);
  assertEquals(Object.hasOwn(summaryOf(`${folder.path}/without`), "pruned"), false);
  const journal = Deno.readTextFileSync(`${folder.path}/without/journal.jsonl`);
  assert(!journal.includes("reports") && !journal.includes("pruner"));
});

Deno.test("a pruner that prunes everything ends the run with the reason", async () => {
  await using folder = await scratch();
  const always = `${folder.path}/always.ts`;
  Deno.writeTextFileSync(always, "export const pruner = ({ step }) => step === 2;");
  const directory = `${folder.path}/run`;
  await assertRejects(
    () => minimized(directory, { pruner: always, generations: 2 }),
    ConfigurationError,
    "Cannot find a winner: all 16 candidates failed or were pruned, the last one with: the pruner " +
      "ended the measure after step 2",
  );
  assertEquals(summaryOf(directory).pruned, 16);
});

Deno.test("a pruner that cannot be used is one line", async () => {
  await using folder = await scratch();
  const file = (name: string, text: string) => {
    Deno.writeTextFileSync(`${folder.path}/${name}.ts`, text);
    return `${folder.path}/${name}.ts`;
  };
  const refusals: [string, string][] = [
    [`${folder.path}/none.ts`, "none.ts: expected median or the path of a file"],
    [file("nothing", "export const pruner = 7;"), "exports a function pruner("],
    [file("broken", "throw new Error('no licence\\nat all');"), "no licence"],
    [file("exiting", "Deno.exit(0);"), "it ended its process"],
    ["", "Option pruner must be median or the path of a file"],
  ];
  const directory = `${folder.path}/refused`;
  for (const [pruner, message] of refusals) {
    const error = await assertRejects(
      () => minimized(directory, { pruner }),
      ConfigurationError,
      message,
    );
    assert(!error.message.includes("\n"));
  }
  for (
    const [options, message] of [
      [{ mismatchWeight: 0 }, "with mismatchWeight 0 there are none"],
      [{ epochs: 1 }, "expected at least 2, received 1"],
    ] as const
  ) await assertRejects(() => searched(directory, options), ConfigurationError, message);
  assertEquals([...Deno.readDirSync(folder.path)].some(({ isDirectory }) => isDirectory), false);

  for (
    const [index, [text, message]] of ([
      ["() => 1", "at step 1: expected true or false, received 1"],
      ["async () => true", "expected true or false, received Promise"],
      ["() => { throw new Error('out of\\nideas'); }", "at step 1: out of"],
      ["(_, history) => history.map((one) => (one.value = 1)).length > 99", "read only"],
    ] as const).entries()
  ) {
    const pruner = file(`wrong_${index}`, `export const pruner = ${text};`);
    const error = await assertRejects(
      () => minimized(`${folder.path}/${index}`, { pruner }),
      ConfigurationError,
      `Cannot use the pruner file://${pruner} for candidate`,
    );
    assert(error.message.includes(message), error.message);
    assert(!error.message.includes("\n"));
    assertEquals(summaryOf(`${folder.path}/${index}`).status, "failed");
  }
});

Deno.test("what is no report is the candidate's failure, with a pruner or without", async () => {
  await using folder = await scratch();
  for (
    const [index, [call, message]] of ([
      ["report(0, 1)", "expected a step that is an integer from 1, received 0"],
      ["report(1, NaN)", "expected a value that is a finite number, received NaN"],
      ['report(1, "7")', 'expected a value that is a finite number, received "7"'],
    ] as const).entries()
  ) {
    const path = `${folder.path}/objective_${index}.ts`;
    Deno.writeTextFileSync(
      path,
      `export const evaluate = async (x, { report }) => { await ${call}; return 1; };`,
    );
    await assertRejects(
      () =>
        minimized(`${folder.path}/${index}`, {
          evaluator: new URL(`file://${path}`),
          population: 2,
          generations: 1,
          workers: 1,
          pruner: index === 1 ? undefined : "median",
        }),
      ConfigurationError,
      message,
    );
  }
});

Deno.test("where there is no verdict in time, a candidate goes on", async () => {
  await using system = createActorSystem();
  const updater = actorRef<ToUpdater, Verdict>("silent/updater");
  const answer = Promise.withResolvers<unknown[]>();
  const candidate: Candidate = {
    type: "Candidate",
    generation: 0,
    candidate: 0,
    repeat: 0,
    part: "measure",
    attempt: 1,
    seed: 0,
    genome: [],
    queuedMs: 0,
  };
  const asking: Start<undefined, Candidate> = () => ({
    async receive(message, context) {
      const verdicts = new Verdicts({ part: "measure", updater, verdictMs: 20 }, message, context);
      const goesOn = await verdicts.goesOn(1, null, { value: 1 });
      answer.resolve([goesOn, await verdicts.prunedAt()]);
    },
  });
  const silent: Start<undefined, ToUpdater, Verdict> = () => ({
    receive: () => new Promise((resolve) => setTimeout(resolve, 60)),
  });
  await system.supervise({
    name: "silent",
    children: [{ id: "updater", start: silent }, { id: "asking", start: asking }],
  });
  await system.send(actorRef<Candidate>("silent/asking"), candidate);
  assertEquals(await answer.promise, [true, undefined]);
});

Deno.test("the types of a pruner and of an objective that reports are exported", () => {
  const pruner: Pruner = ({ value, step, steps }, history) =>
    step < (steps ?? 9) && history.some((report) => report.value > value);
  const objective: Objective = async ([x], { report }) => await report(1, x!) ? x! : 0;
  assertEquals([typeof pruner, typeof objective], ["function", "function"]);
});
