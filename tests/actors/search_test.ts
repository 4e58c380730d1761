import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import {
  ConfigurationError,
  resume,
  RunStopped,
  search,
  type SearchEvent,
  type SearchOptions,
} from "../../mod.ts";
import { replaySearch } from "../../actors/search.ts";
import {
  COMPARABLE,
  finishedCopy,
  readFiles,
  single,
  small,
  stopAfter,
  undivergent,
} from "./small_search.ts";

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("the same seed gives the same files with 1, 2 and 3 workers", async () => {
  await using folder = await scratch();
  const byOne = readFiles(await finishedCopy(`${folder.path}/1`), COMPARABLE);
  for (const workers of [2, 3]) {
    const directory = `${folder.path}/${workers}`;
    await using run = search({ ...small, devices: [`cpu:${workers}`], directory });
    await run.result;
    assertEquals(readFiles(directory, COMPARABLE), byOne, `${workers} workers`);
  }
});

Deno.test("a search reports its events in order and leaves whole files", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, directory });
  const events: SearchEvent[] = [];
  for await (const event of run) events.push(event);
  const { best } = await run.result;

  assertEquals(events[0]?.type, "started");
  assertEquals(events.filter(({ type }) => type === "evaluated").length, 3 * 4 + 2);
  assertEquals(
    events.flatMap((event) => event.type === "generation" ? [event.generation] : []),
    [0, 1, 2],
  );
  assertEquals(best.disturbance.classes.length, 10);

  const candidates = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), {
    skipFirstRow: true,
  });
  assertEquals(
    candidates.map(({ generation, candidate }) => `${generation}/${candidate}`),
    [0, 1, 2].flatMap((generation) => [0, 1, 2, 3].map((index) => `${generation}/${index}`)),
  );
  for (const row of candidates) {
    assertEquals(row.status, "ok");
    const sum = Number(row.mismatch) + Number(row.divergence);
    assertEquals(Number(row.fitness), sum, "the fitness is the sum of both terms");
    assertEquals(Number(row.divergence), 1 - 2 * Number(row.discriminator_error));
  }
  const timings = parse(Deno.readTextFileSync(`${directory}/timings.csv`), { skipFirstRow: true });
  assertEquals(timings.length, candidates.length);
  assert(timings.every((row) => row.engine === "onnx/cpu" && Number(row.train_ms) > 0));
  const summary = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
  assertEquals(summary.status, "finished");
  assertEquals(summary.evaluations, 14);
  assert(summary.utilization > 0 && summary.utilization <= 1);
});

Deno.test("async mode fills every slot from the newest distribution and counts ages", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, mode: "async", devices: ["cpu:3"], directory });
  await run.result;
  const rows = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), { skipFirstRow: true });
  assert(rows.length >= 12);
  const keys = rows.map(({ generation, candidate }) => 4 * Number(generation) + Number(candidate));
  assertEquals(keys, keys.toSorted((a, b) => a - b));
  assertEquals(new Set(keys).size, keys.length, "no candidate is counted twice");
  assert(rows.some(({ age }) => Number(age) > 0), "some results are from an older distribution");
});

Deno.test("a stopped search keeps what was finished, and resumes to the same files", async () => {
  await using folder = await scratch();
  const [whole, stopped] = [`${folder.path}/whole`, `${folder.path}/stopped`];
  await finishedCopy(whole);
  await stopAfter(6, { ...small, directory: stopped });
  const rows = parse(Deno.readTextFileSync(`${stopped}/candidates.csv`), { skipFirstRow: true });
  assert(rows.length >= 6 && rows.length < 12);
  assertEquals(JSON.parse(Deno.readTextFileSync(`${stopped}/summary.json`)).status, "stopped");

  await using again = resume(stopped);
  await again.result;
  assertEquals(readFiles(stopped, COMPARABLE), readFiles(whole, COMPARABLE));
});

Deno.test("a search that is stopped before its actors are there goes on later", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, directory, signal: AbortSignal.abort() });
  await assertRejects(() => run.result, RunStopped);
  await using again = resume(directory);
  await again.result;
});

Deno.test("a finished search is extended to the files of a longer one", async () => {
  await using folder = await scratch();
  const [long, extended] = [`${folder.path}/long`, `${folder.path}/extended`];
  const options = { ...single, finalistRepeats: 0 };
  {
    await using run = search({ ...options, generations: 3, directory: long });
    await run.result;
  }
  {
    await using run = search({ ...options, generations: 2, directory: extended });
    await run.result;
  }
  await using run = resume(extended, { generations: 3 });
  await run.result;
  assertEquals(readFiles(extended, COMPARABLE), readFiles(long, COMPARABLE));
});

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a random search never moves its distribution, stops, resumes and replays: ${mode}`, async () => {
    await using folder = await scratch();
    const directory = `${folder.path}/run`;
    const options: SearchOptions = { ...small, strategy: "random", mode };
    await stopAfter(6, { ...options, directory });
    await using again = resume(directory);
    await again.result;

    const rows = (file: string) =>
      parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });
    const generations = rows("generations.csv");
    assertEquals(generations.map(({ generation }) => generation), ["0", "1", "2"]);
    for (const { sigma, axis_ratio, wasted } of generations) {
      assertEquals([sigma, axis_ratio, wasted], ["0.3", generations[0]!.axis_ratio, "0"]);
    }
    assertEquals(rows("finalists.csv").length, 2);
    assertEquals((await replaySearch(directory)).map(({ differsAt }) => differsAt), [
      null,
      null,
      null,
      null,
    ]);
    if (mode === "async") return;
    // The first generation is drawn alike with and without learning, and only the first.
    const learning = await finishedCopy(`${folder.path}/learning`);
    const [drawn, learned] = [directory, learning].map(genomesOf);
    assertEquals(drawn!.slice(0, 4), learned!.slice(0, 4));
    assert(JSON.stringify(drawn!.slice(4)) !== JSON.stringify(learned!.slice(4)));
    const whole = `${folder.path}/whole`;
    await using uninterrupted = search({ ...options, directory: whole, devices: ["cpu"] });
    await uninterrupted.result;
    assertEquals(readFiles(directory, COMPARABLE), readFiles(whole, COMPARABLE));
  });
}

/** The points of a search in the order of their numbers. */
function genomesOf(directory: string): unknown[] {
  return Deno.readTextFileSync(`${directory}/journal.jsonl`).trim().split("\n")
    .map((line) => JSON.parse(line).event)
    .filter(({ type, repeat }) => type === "Sampled" && repeat === 0)
    .sort((a, b) => a.generation - b.generation || a.candidate - b.candidate)
    .map(({ draw }) => draw.x);
}

Deno.test("a term without weight is not computed, and its cells are empty", async () => {
  await using folder = await scratch();
  const columns = {
    mismatchWeight: ["mismatch", "train_loss", "perturbed_accuracy", "clean_accuracy"],
    divergenceWeight: ["divergence", "discriminator_error"],
  };
  for (const [weight, empty] of Object.entries(columns)) {
    const directory = `${folder.path}/${weight}`;
    await using run = search({
      ...(weight === "divergenceWeight" ? undivergent : single),
      [weight]: 0,
      directory,
    });
    await run.result;
    const rows = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), {
      skipFirstRow: true,
    });
    for (const row of rows) {
      assertEquals(row.status, "ok");
      assertEquals(empty.map((column) => row[column]), empty.map(() => ""));
      assertEquals(row.fitness, row[weight === "mismatchWeight" ? "divergence" : "mismatch"]);
    }
    const timings = Deno.readTextFileSync(`${directory}/timings.csv`);
    assertEquals(timings.split("onnx/cpu").length - 1, rows.length);
    assertEquals(
      (await replaySearch(directory)).every(({ differsAt }) => differsAt === null),
      true,
    );
  }
});

Deno.test("what cannot be used is one line, and nothing is written", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const wide = `${folder.path}/wide.ts`;
  Deno.writeTextFileSync(
    wide,
    `export default (input: unknown, classes: number) => ({
      name: "wide", input, classes, layers: [
        { kind: "conv", name: "conv", filters: 1e9, kernel: 3 },
        { kind: "global_average_pool", name: "pool" },
        { kind: "dense", name: "dense", units: classes },
      ],
    });`,
  );
  const cases: [Record<string, unknown>, string][] = [
    [{ network: wide }, 'the largest layer is "conv" (conv): output [16, 1000000000, '],
    [{ epoch: 3 }, "Unknown option epoch"],
    [{ constructor: 1 }, "Unknown option constructor"],
    [JSON.parse('{"__proto__": 1}'), "Unknown option __proto__"],
    [{ epochs: 0 }, "epochs must be an integer from 1 to 1000, received 0"],
    [{ epochs: "3" }, `received "3"`],
    [{ learningRate: NaN }, "learningRate must be a number from"],
    [{ dataset: "nist" }, "nist"],
    [{ network: "bignet" }, `received "bignet"`],
    [{ optimizer: "lbfgs" }, `received "lbfgs"`],
    [{ schedule: "linear" }, "schedule must be one of constant, step, cosine"],
    [{ warmup: 1 }, "expected a warm-up of fewer, received 1"],
    [{ weightDecay: 0.1 }, "received adam"],
    [{ weightDecay: -1 }, "weightDecay must be a number from 0 to 1"],
    [{ devices: ["gpu:0"] }, "Cannot use gpu:0"],
    [{ devices: ["tpu"] }, `received "tpu"`],
    [{ trainSize: 10_000_000 }, "from 10 to 1000000"],
    [{ strategy: "greedy" }, "one of cma-es, class-wise, random"],
    [{ ...undivergent, mismatchWeight: 0 }, "received 0 for both"],
    [{ trainSize: 900_000 }, "received 900000"],
  ];
  for (const [wrong, message] of cases) {
    await using run = search({ ...small, ...wrong, directory } as never);
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
  await assertRejects(() => Deno.stat(directory), Deno.errors.NotFound);
});

Deno.test("a folder that exists, is not a run or cannot be made is refused", async () => {
  await using folder = await scratch();
  const message = async (directory: string) => {
    await using run = search({ ...small, directory });
    return (await assertRejects(() => run.result, ConfigurationError)).message;
  };
  assertStringIncludes(await message(folder.path), "exists already");
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  assertStringIncludes(await message(`${folder.path}/file/run`), "Cannot create the run");
  await using run = resume(folder.path);
  const error = await assertRejects(() => run.result, ConfigurationError);
  assertStringIncludes(error.message, "config.json");
});

Deno.test("a folder in which a process was killed before it began is taken", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  Deno.mkdirSync(directory);
  Deno.writeTextFileSync(`${directory}/lock`, "");
  Deno.writeTextFileSync(`${directory}/config.json.partial`, "{");
  await using run = search({ ...small, generations: 1, directory });
  await run.result;
});

Deno.test("a replay finds what is not as the journal says", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, mode: "async", directory });
  await run.result;
  const files = async () =>
    Object.fromEntries(
      (await replaySearch(directory)).map(({ file, differsAt }) => [file, differsAt]),
    );
  assertEquals(Object.values(await files()), [null, null, null, null]);

  const path = `${directory}/candidates.csv`;
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(",ok", ",failed"));
  assertEquals((await files())["candidates.csv"], 2);
});

Deno.test("a changed configuration is refused with the difference", async () => {
  await using folder = await scratch();
  const directory = await finishedCopy(`${folder.path}/run`);
  const path = `${directory}/config.json`;
  Deno.writeTextFileSync(path, Deno.readTextFileSync(path).replace(`"epochs": 1`, `"epochs": 2`));
  await using run = resume(directory);
  const error = await assertRejects(() => run.result, ConfigurationError);
  assertStringIncludes(error.message, "epochs was 1 and is 2");
});

Deno.test("two processes cannot use one run", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using first = search({ ...small, directory });
  for await (const event of first) {
    if (event.type !== "started") continue;
    for (const begin of [resume, (path: string) => search({ ...small, directory: path })]) {
      await using second = begin(directory);
      const error = await assertRejects(() => second.result, ConfigurationError);
      assertStringIncludes(error.message, "another process is writing it");
    }
    break;
  }
});

Deno.test("training that diverges fails its candidates visibly, and the search goes on", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({
    ...single,
    optimizer: "sgd",
    learningRate: 10,
    epochs: 10,
    generations: 2,
    directory,
  });
  const reasons: string[] = [];
  for await (const event of run) {
    if (event.type === "evaluated" && event.reason !== null) reasons.push(event.reason);
  }
  await run.result.catch(() => {});
  assert(reasons.length > 0);
  assertStringIncludes(reasons[0]!, "Training diverged");
  const text = Deno.readTextFileSync(`${directory}/candidates.csv`);
  assert(!/NaN|Infinity|null|undefined/.test(text), text);
  assertEquals(text.split(",failed\r\n").length - 1, reasons.length);
  const { duplicates } = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
  assertEquals(duplicates, 0, "a score that comes after its candidate failed came once");
});

Deno.test("a search all of whose candidates diverge ends with the reason, however often it is resumed", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  // Deep and linear: with long steps its weights grow without bounds.
  const network = `${folder.path}/deep.ts`;
  Deno.writeTextFileSync(
    network,
    `export default (input: unknown, classes: number) => ({
      name: "deep", input, classes, layers: [
        { kind: "flatten", name: "flatten" },
        ...[1, 2, 3, 4, 5, 6].map((i) => ({ kind: "dense", name: "dense" + i, units: 32 })),
        { kind: "dense", name: "dense", units: classes },
      ],
    });`,
  );
  const begin = () =>
    search({
      ...single,
      network,
      optimizer: "sgd",
      learningRate: 10,
      epochs: 5,
      generations: 1,
      directory,
    });
  for (const start of [begin, () => resume(directory)]) {
    await using run = start();
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertMatch(
      error.message,
      /^Cannot find a winner: all 4 candidates failed, the last one with: Training diverged: .*NaN$/,
    );
  }
  const summary = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
  assertEquals([summary.status, summary.failed], ["failed", 4]);
  assertEquals([...Deno.readDirSync(directory)].some(({ name }) => name === "best.json"), false);
});
