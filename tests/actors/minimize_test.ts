import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { Journal, readJournal } from "../../actors/record/journal.ts";
import { createActorSystem, VirtualClock } from "../../actors/runtime/mod.ts";
import {
  ConfigurationError,
  minimize,
  type MinimizeOptions,
  openRun,
  type PopulationEvent,
  resumeMinimize,
  RunStopped,
  search,
} from "../../mod.ts";
import { bytesIn } from "./image_folder.ts";
import { COMPARABLE, readFiles } from "./small_search.ts";

const objective = (name: string) => new URL(`./objectives/${name}.ts`, import.meta.url);

/** Down a sphere, by two workers. */
const descent: Omit<MinimizeOptions, "directory"> = {
  evaluator: objective("sphere"),
  mean: [1, 1, 1],
  sigma: 0.5,
  population: 6,
  finalists: 2,
  finalistRepeats: 1,
  workers: 2,
};

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("an objective of one's own is minimised, in both modes", async () => {
  for (const mode of ["sync", "async"] as const) {
    await using folder = await scratch();
    await using run = minimize({
      evaluator: objective("sphere"),
      mean: [1, 1, 1],
      sigma: 0.5,
      generations: 60,
      mode,
      workers: 2,
      finalistRepeats: 0,
      directory: `${folder.path}/run`,
    });
    const { x, value } = await run.result;
    assertEquals(x.length, 3);
    assert(value < 1e-4, `${mode}: ${value}`);
  }
});

Deno.test("whatever an objective does, every candidate is in the CSV exactly once", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({
    evaluator: objective("faulty"),
    mean: [0.5],
    lower: 0,
    upper: 1,
    sigma: 0.6,
    population: 8,
    generations: 2,
    workers: 2,
    finalistRepeats: 0,
    maxAttempts: 2,
    leaseSeconds: 1,
    seed: 3,
    directory,
  });
  const events: PopulationEvent[] = [];
  for await (const event of run) events.push(event);
  await run.result;

  const rows = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), { skipFirstRow: true });
  assertEquals(
    rows.map(({ generation, candidate }) => 8 * Number(generation) + Number(candidate)),
    Array.from({ length: 16 }, (_, serial) => serial),
  );
  assert(rows.every((row) => (row.status === "ok") === (row.fitness !== "")));
  const reasons = events.flatMap((event) => event.type === "evaluated" ? event.reason ?? [] : []);
  for (
    const part of ["no value today", "exited with code 0", "hung", "is NaN", "received string"]
  ) {
    assert(reasons.some((reason) => reason.includes(part)), `${part} is missing in ${reasons}`);
  }
  assertEquals(rows.filter((row) => row.status === "failed").length, reasons.length);
  assert(!Deno.readTextFileSync(`${directory}/candidates.csv`).includes("NaN"));
});

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a search all of whose candidates fail ends with the reason: ${mode}`, async () => {
    await using folder = await scratch();
    await using run = minimize({
      evaluator: objective("faulty"),
      // Here it throws.
      mean: [0.25],
      lower: 0.2,
      upper: 0.3,
      mode,
      population: 3,
      generations: 2,
      workers: 2,
      maxAttempts: 1,
      directory: `${folder.path}/run`,
    });
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertMatch(
      error.message,
      /^Cannot find a winner: all \d candidates failed, .*no value today$/,
    );
  });
}

Deno.test("each coordinate has bounds of its own", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({
    ...descent,
    generations: 40,
    lower: [0.5, null, -2],
    upper: [null, 1, 3],
    finalistRepeats: 0,
    directory,
  });
  const { x, value } = await run.result;
  assert(x[0]! >= 0.5 && x[0]! < 0.51, `${x}`);
  assert(Math.abs(value - 0.25) < 0.01, `${value}`);
  const { kind, candidates, configuration } = await openRun(directory);
  assert(kind === "minimize");
  assertEquals([configuration.lower, configuration.upper], [[0.5, null, -2], [null, 1, 3]]);
  for (const { genome: [a, b, c] } of candidates) {
    assert(a! >= 0.5 && b! <= 1 && c! >= -2 && c! <= 3);
  }
  const before = readFiles(directory, COMPARABLE);
  await using again = resumeMinimize(directory);
  await again.result;
  assertEquals(readFiles(directory, COMPARABLE), before);
});

Deno.test({
  name: "an objective in a process may be killed, and gives the same as on a thread",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await scratch();
    const [thread, process] = [`${folder.path}/thread`, `${folder.path}/process`];
    const options = { ...descent, generations: 2, workers: 1 };
    await using alive = minimize({ ...options, directory: thread });
    await alive.result;
    const evaluator = objective("deadly");
    evaluator.searchParams.set("killed", `${folder.path}/killed`);
    await using run = minimize({ ...options, evaluator, isolation: "process", directory: process });
    const lost: string[] = [];
    for await (const event of run) if (event.type === "lost") lost.push(event.reason);
    assertEquals(lost, ["it was ended by SIGKILL"]);
    assertEquals(readFiles(process, COMPARABLE), readFiles(thread, COMPARABLE));
  },
});

Deno.test({
  name: "an objective in a process is refused in one line where none can be started",
  permissions: { read: true, write: true, env: true, run: false },
  fn: async () => {
    await using folder = await scratch();
    const directory = `${folder.path}/run`;
    await using run = minimize({ ...descent, isolation: "process", directory });
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertMatch(
      error.message,
      /^Cannot begin without --allow-run=\S+ \(an objective in a process\)$/,
    );
    await assertRejects(() => Deno.stat(directory), Deno.errors.NotFound);
  },
});

Deno.test("a run without a folder has one that is named at once, and another one next time", async () => {
  const evaluator = objective("sphere");
  const begin = [
    () => minimize({ ...descent, evaluator, mean: [], directory: undefined }),
    () => minimize({ evaluator, mean: [] }),
    () => search({ dataset: "some/where/images/", epochs: 0 }),
    () => search({ dataset: "..", epochs: 0, directory: undefined }),
    () => search({ epochs: 0 }),
  ];
  const names: string[] = [];
  for (const start of begin) {
    await using run = start();
    names.push(run.directory);
    await assertRejects(() => run.result, ConfigurationError);
    await assertRejects(() => Deno.stat(run.directory), Deno.errors.NotFound);
  }
  assertEquals(new Set(names).size, names.length);
  const kinds = names.map((name) => /^runs\/(\w+)-\d{4}-\d\d-\d\d-\d{6}(-2)?$/.exec(name)?.[1]);
  assertEquals(kinds, ["sphere", "sphere", "images", "run", "mnist"]);
});

Deno.test("what cannot be used is one line, and no folder is made", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const broken = `${folder.path}/broken.ts`;
  Deno.writeTextFileSync(broken, "export const evaluate = ;");
  const throwing = `${folder.path}/throwing.ts`;
  Deno.writeTextFileSync(throwing, 'throw new Error("no licence\\nfor this");');
  const missing = new URL(`file://${folder.path}/none.ts`);
  const cases: [Record<string, unknown>, string][] = [
    [{ evaluator: objective("nothing") }, "exports a function evaluate(x)"],
    [{ evaluator: missing }, `Cannot use ${missing}: Module not found`],
    [{ evaluator: new URL(`file://${broken}`) }, "Expression expected"],
    [{ evaluator: new URL(`file://${throwing}`) }, "throwing.ts: no licence"],
    [{ evaluator: "sphere.ts" }, `evaluator must be a URL object, received "sphere.ts"`],
    [{ mean: [] }, "Option mean must be a list of at least one finite number"],
    [{ mean: [1, NaN] }, "Option mean must be a list of at least one finite number"],
    [{ mean: ["1"] }, "Option mean must be"],
    [{ mean: 1 }, "Option mean must be"],
    [{ mean: undefined }, "Option mean is missing"],
    [{ lower: 2 }, "mean must lie inside the bounds, received 1 outside [2, Infinity]"],
    [{ upper: 0 }, "mean must lie inside the bounds"],
    [{ lower: 1, upper: 1 }, "every lower bound must be below the upper one"],
    [{ lower: 2, upper: 0 }, "every lower bound must be below the upper one"],
    [{ upper: Infinity }, "Option upper must be a finite number"],
    [{ lower: "0" }, "Option lower must be a finite number"],
    [
      { lower: [0, null] },
      "Option lower must be one number, or one for each of the 3 coordinates of mean, received 2",
    ],
    [{ upper: [] }, "Option upper must be one number, or one for each of the 3 coordinates"],
    [
      { upper: [2, Infinity, 2] },
      "Option upper must be a finite number, or a list of one number or null for each coordinate",
    ],
    [{ upper: [2, undefined, 2] }, "Option upper must be a finite number, or a list"],
    [{ lower: [0, 1, 2] }, "mean must lie inside the bounds, received 1 outside [2, Infinity]"],
    [{ isolation: "thread" }, 'Option isolation must be one of worker, process, received "thread"'],
    [{ sigma: 0 }, "sigma must be a number from"],
    [{ sigma: NaN }, "sigma must be a number from"],
    [{ workers: 0 }, "workers must be at least 1 without a NATS server"],
    [{ workers: 1.5 }, "workers must be"],
    [{ generations: 1.5 }, "generations must be"],
    [{ population: 1 }, "population must be"],
    [{ target: Infinity }, "target must be a number from -1e+300 to 1e+300, received Infinity"],
    [{ seed: 1n }, "seed must be an integer from 0 to 4294967295, received 1n"],
    [{ strategy: "file://elsewhere/mine.ts" }, "there is no such file"],
    [{ generation: 3 }, "Unknown option generation"],
    [{ directory: "" }, 'Option directory must be the path of a folder, received ""'],
    [{ directory: 7 }, "Option directory must be the path of a folder, received 7"],
  ];
  for (const [wrong, message] of cases) {
    await using run = minimize({ ...descent, directory, ...wrong } as never);
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
  await assertRejects(() => Deno.stat(directory), Deno.errors.NotFound);
});

Deno.test("a run that is stopped before it has begun leaves nothing", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({ ...descent, directory, signal: AbortSignal.abort() });
  await assertRejects(() => run.result, RunStopped);
  await assertRejects(() => Deno.stat(directory), Deno.errors.NotFound);
});

Deno.test("a stopped run is resumed, and extended, to the files of one that never was", async () => {
  await using folder = await scratch();
  const [whole, stopped] = [`${folder.path}/whole`, `${folder.path}/stopped`];
  const options = { ...descent, evaluator: objective("slow_sphere") };
  await using undisturbed = minimize({ ...options, generations: 12, directory: whole });
  const expected = await undisturbed.result;

  await using run = minimize({ ...options, generations: 8, directory: stopped });
  let evaluated = 0;
  for await (const event of run) if (event.type === "evaluated" && ++evaluated === 20) run.stop();
  await assertRejects(() => run.result, RunStopped);
  const rows = Deno.readTextFileSync(`${stopped}/candidates.csv`).trim().split("\r\n");
  assert(rows.length > 15 && rows.length < 1 + 8 * 6, `${rows.length} lines`);

  await using again = resumeMinimize(stopped, { generations: 12, workers: 3 });
  const events: PopulationEvent[] = [];
  for await (const event of again) events.push(event);
  assert(events[0]?.type === "started" && events[0].done >= 20 && events[0].slots === 3);
  assertEquals({ ...(await again.result), directory: whole }, expected);
  assertEquals(readFiles(stopped, COMPARABLE), readFiles(whole, COMPARABLE));
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${stopped}/config.json`));
  assertEquals([configuration.generations, configuration.workers], [12, 3]);
  assertEquals(configuration.evaluator, objective("slow_sphere").href);
});

Deno.test({
  name: "a killed run is resumed by the command, from another folder",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await scratch();
    const [whole, killed] = [`${folder.path}/whole`, `${folder.path}/killed`];
    const options = { ...descent, evaluator: objective("slow_sphere"), generations: 8 };
    await using undisturbed = minimize({ ...options, directory: whole });
    await undisturbed.result;

    const root = new URL("../..", import.meta.url);
    const program = `${folder.path}/program.ts`;
    Deno.writeTextFileSync(
      program,
      `import { minimize } from "${root}mod.ts";
      const options = ${JSON.stringify({ ...options, directory: killed })};
      await minimize({ ...options, evaluator: new URL(options.evaluator) }).result;`,
    );
    const spawn = (...args: string[]) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--no-prompt",
          "--allow-all",
          "--config",
          `${root.pathname}deno.json`,
          ...args,
        ],
        cwd: folder.path,
        env: { NO_COLOR: "1" },
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    await using process = spawn(program);
    while (evaluations(killed) < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill("SIGKILL");
    await process.output();
    assert(evaluations(killed) < 8 * 6);

    await using again = spawn(`${root.pathname}experiments/resume.ts`, "--run", "killed");
    const { code, stdout, stderr } = await again.output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertStringIncludes(new TextDecoder().decode(stdout), "deno task report --run killed");
    assertEquals(readFiles(killed, COMPARABLE), readFiles(whole, COMPARABLE));

    await using refused = spawn(
      `${root.pathname}experiments/resume.ts`,
      ..."--run killed --devices cpu".split(" "),
    );
    const { code: refusal, stderr: why } = await refused.output();
    assertEquals(
      [refusal, new TextDecoder().decode(why)],
      [2, "error: Cannot resume killed with --devices: it is a run of minimize\n"],
    );
  },
});

/** Evaluations that a journal holds. */
function evaluations(directory: string): number {
  try {
    return Deno.readTextFileSync(`${directory}/journal.jsonl`).split('"Evaluated"').length - 1;
  } catch {
    return 0;
  }
}

Deno.test("a resume that is refused changes nothing", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const evaluator = `${folder.path}/mine.ts`;
  Deno.copyFileSync(objective("sphere"), evaluator);
  await using run = minimize({
    ...descent,
    generations: 2,
    evaluator: new URL(`file://${evaluator}`),
    directory,
  });
  await run.result;
  const path = `${directory}/config.json`;
  const original = Deno.readTextFileSync(path);
  const edit = (change: Record<string, unknown>, changeOfFile = {}) => () => {
    const file = { ...JSON.parse(original), ...changeOfFile };
    Object.assign(file.configuration, change);
    Deno.writeTextFileSync(path, JSON.stringify(file));
  };
  const cases: [() => void, Parameters<typeof resumeMinimize>[1], string][] = [
    [edit({ evaluator: undefined }), {}, "Option evaluator in"],
    [edit({ workers: undefined }), {}, "Option workers in"],
    [edit({ isolation: undefined }), {}, "Option isolation in"],
    [edit({ generations: undefined }), {}, `Option generations in ${path} is missing; put back`],
    [edit({ evaluator: undefined }, { id: undefined }), {}, "config.json must name the evaluator"],
    [edit({ evaluator: objective("sphere").href }), {}, "evaluator was"],
    [edit({ evaluator: "mine.ts" }), {}, "evaluator in"],
    [edit({ mean: [0, 0] }), {}, "mean was [1,1,1] and is [0,0]"],
    [edit({ lower: 2 }), {}, "mean must lie inside the bounds"],
    [edit({ sigma: 1 }), {}, "sigma was 0.5 and is 1"],
    [edit({}), { workers: 0 }, "Option workers must be"],
    [edit({}), { generations: 1 }, "--generations must be at least the 2"],
    [() => Deno.removeSync(evaluator), {}, "Module not found"],
  ];
  for (const [damage, options, message] of cases) {
    damage();
    const before = bytesIn(directory);
    await using again = resumeMinimize(directory, options);
    await assertRejects(() => again.result, ConfigurationError, message);
    assertEquals(bytesIn(directory), before, message);
  }
});

Deno.test("a run of mddes 0.1.0 goes on when its config.json is told the evaluator", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({ ...descent, generations: 2, directory });
  await run.result;
  const before = readFiles(directory, COMPARABLE);
  const path = `${directory}/journal.jsonl`;
  const { events: [begun, ...events] } = await readJournal(path);
  assert(begun?.type === "Begun");
  const { evaluator: _, workers: __, ...configuration } = begun.configuration;
  Deno.removeSync(path);
  {
    await using journal = await Journal.open(path, await readJournal(path));
    for (const event of [{ ...begun, configuration }, ...events]) journal.append(event);
  }
  await using again = resumeMinimize(directory);
  await again.result;
  assertEquals(readFiles(directory, COMPARABLE), before);
});

Deno.test("what is certain to come again is not tried again", async () => {
  await using folder = await scratch();
  const calls = `${folder.path}/calls`;
  const evaluator = objective("counted");
  evaluator.searchParams.set("calls", encodeURIComponent(calls));
  await using run = minimize({
    evaluator,
    mean: [0],
    sigma: 1,
    population: 6,
    generations: 1,
    workers: 2,
    maxAttempts: 3,
    directory: `${folder.path}/run`,
  });
  const reasons: (string | null)[] = [];
  await assertRejects(
    async () => {
      for await (const event of run) {
        assert(event.type !== "lost", "no worker ends because of it");
        if (event.type === "evaluated") reasons.push(event.reason);
      }
    },
    ConfigurationError,
    "expected a number, received",
  );
  assertEquals(Deno.readTextFileSync(calls).trim().split("\n").length, 6);
  for (const type of ["string", "bigint"]) {
    assert(reasons.some((reason) => reason?.endsWith(`received ${type}`)), `${reasons}`);
  }
});

Deno.test("an objective that does not load is one line that names it, at once", async () => {
  await using folder = await scratch();
  const cases: [string, RegExp][] = [
    ["Deno.exit(0);", /: it ended its process, with code 0$/],
    [
      "import process from 'node:process'; process.exit(3);",
      /: it ended its process, with code 3$/,
    ],
    ["throw new RangeError('on purpose\\nand more');", /: on purpose$/],
    ["throw { toString: 1 };", /: \{ toString: 1 \}$/],
    ["throw new Error('a', { cause: () => 1 });", /: a$/],
    ["export const evaluate = () => {", /: SyntaxError: .* at file:.*:1:32$/],
    ["import './nowhere.ts';", /: Module not found/],
    ["", /: expected a module that exports a function evaluate\(x\), .* that exports nothing$/],
    [
      "export const evaluate = 3; export default (x) => x[0];",
      /, received one that exports default \(function\), evaluate \(number\)$/,
    ],
  ];
  for (const [index, [text, message]] of cases.entries()) {
    const path = `${folder.path}/${index}.ts`;
    Deno.writeTextFileSync(path, text);
    await using run = minimize({
      evaluator: new URL(`file://${path}`),
      mean: [1],
      sigma: 1,
      generations: 1,
      workers: 1,
      directory: `${folder.path}/run-${index}`,
    });
    const error = await assertRejects(() => run.result, Error, `Cannot use file://${path}: `, text);
    assertMatch(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
});

Deno.test("an objective that never loads is given up after 30 seconds", async () => {
  await using folder = await scratch();
  const path = `${folder.path}/waiting.ts`;
  Deno.writeTextFileSync(path, "await new Promise((resolve) => globalThis.letGo = resolve);");
  const clock = new VirtualClock();
  await using system = createActorSystem({ clock });
  const supervising = system.supervise({
    name: "slots",
    children: [{
      id: "measurer",
      start: new URL("../../actors/roles/measurer.ts", import.meta.url),
      init: { evaluator: `file://${path}` },
    }],
  });
  const failed = assertRejects(() => supervising, Error, "it was not loaded within 30 s");
  const isWaiting = () => clock.pending >= 2 && "letGo" in globalThis;
  while (!isWaiting()) await new Promise((resolve) => setTimeout(resolve, 5));
  await clock.advance(30_000);
  await failed;
  (globalThis as unknown as { letGo(): void }).letGo();
});
