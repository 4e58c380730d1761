import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { VirtualClock } from "../../actors/runtime/mod.ts";
import { ConfigurationError } from "../../options.ts";
import { noFiles, noFolder } from "../../simulation/files.ts";
import {
  type Job,
  RunStopped,
  simulate,
  type SimulateOptions,
  type SimulationEvent,
} from "../../simulation/mod.ts";
import { prepareSimulation } from "../../simulation/prepare.ts";
import { replaySimulation } from "../../simulation/replay_simulation.ts";
import { runSimulation } from "../../simulation/run_simulation.ts";

/** Trainings that take ten seconds each. */
const even: SimulateOptions = {
  cost: "constant:10s",
  dimension: 4,
  population: 8,
  generations: 5,
  finalistRepeats: 0,
};

/** Everything that makes a simulation uneven. */
const uneven: SimulateOptions = {
  ...even,
  trainers: ["4xfast:2", "4xslow:0.5"],
  cost: "lognormal:10s,0.8",
  stragglers: "0.1,5",
  latency: "20ms",
  mtbf: "3m",
  population: 12,
  finalistRepeats: 2,
};

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function jobsOf(options: SimulateOptions) {
  const run = simulate(options);
  const events: SimulationEvent[] = [];
  for await (const event of run) events.push(event);
  const jobs = events.filter((event): event is { type: "job" } & Job => event.type === "job");
  return { jobs, events, result: await run.result };
}

Deno.test("with even times the end can be counted", async () => {
  // 8 candidates on 4 trainers are 2 rounds of 10 s; 5 generations are 100 s.
  const { seconds, utilization, queue } = await simulate({ ...even, trainers: ["4"] }).result;
  assertEquals(seconds, 100);
  assertEquals(utilization, 1);
  // Four wait for the first half of each generation.
  assertEquals(queue, { mean: 2, max: 4 });

  // 3 trainers need 3 rounds, and one idles in the last.
  const uneven = await simulate({ ...even, trainers: ["3"] }).result;
  assertEquals(uneven.seconds, 150);
  assertEquals(uneven.utilization, 8 * 10 / (3 * 30));

  // Two trainers take 25 s: the others do three each meanwhile.
  const mixed = await simulate({ ...even, trainers: ["2xfast:1", "2xslow:0.4"] }).result;
  assertEquals(mixed.seconds, 150);
});

Deno.test("a message takes its latency, four of which lie between two trainings", async () => {
  const { seconds } = await simulate({ ...even, generations: 1, trainers: ["4"], latency: "100ms" })
    .result;
  // A trainer says that it is ready, and gets a candidate; it says what came out, hears that this has
  // come, says that it is free, and gets the next one; and says what came out.
  assertEquals(Math.round(1000 * seconds), 20_000 + 7 * 100);
});

Deno.test("the same options give the same bytes, and others do not", async () => {
  await using folder = await scratch();
  const filesOf = async (name: string, options: SimulateOptions) => {
    const directory = `${folder.path}/${name}`;
    await simulate({ ...options, directory }).result;
    const names = [...Deno.readDirSync(directory)].map((entry) => entry.name).sort();
    return Object.fromEntries(
      names.map((file) => [file, Deno.readTextFileSync(`${directory}/${file}`)]),
    );
  };
  for (const mode of ["sync", "async"] as const) {
    const first = await filesOf(`${mode}-1`, { ...uneven, mode });
    assertEquals(Object.keys(first), [
      "best.json",
      "candidates.csv",
      "config.json",
      "finalists.csv",
      "generations.csv",
      "jobs.csv",
      "journal.jsonl",
      "load.csv",
      "log.jsonl",
      "summary.json",
      "timings.csv",
    ]);
    assertEquals(await filesOf(`${mode}-2`, { ...uneven, mode }), first);
    const other = await filesOf(`${mode}-3`, { ...uneven, mode, seed: 2 });
    for (const file of ["journal.jsonl", "jobs.csv", "candidates.csv"]) {
      assert(other[file] !== first[file], file);
    }
  }
});

Deno.test("who trains, and with how many, changes no result of a sync search", async () => {
  await using folder = await scratch();
  const candidates = async (name: string, options: SimulateOptions) => {
    const directory = `${folder.path}/${name}`;
    await simulate({ ...options, directory }).result;
    return Deno.readTextFileSync(`${directory}/candidates.csv`);
  };
  const { mtbf: _, ...undisturbed } = uneven;
  assertEquals(
    await candidates("many", undisturbed),
    await candidates("one", { ...even, population: 12, trainers: ["1"] }),
  );
});

Deno.test("every attempt is accounted for, and no trainer has two at a time", async () => {
  for (const mode of ["sync", "async"] as const) {
    const { jobs, events, result } = await jobsOf({ ...uneven, mode, mtbf: "1m", maxAttempts: 9 });
    const { wasted, attempts, restarts } = result;
    assertEquals(jobs.length, attempts);
    const count = (outcome: Job["outcome"]) => jobs.filter((job) => job.outcome === outcome).length;
    assert(wasted.lost > 0, "trainers fail once a minute");
    assertEquals(count("lost"), wasted.lost);
    assertEquals(count("unfinished"), wasted.unfinished);
    assert(restarts >= wasted.lost);
    const evaluated = events.filter(({ type }) => type === "evaluated").length;
    assertEquals(evaluated, count("finished") - wasted.duplicate);

    for (const own of Map.groupBy(jobs, ({ trainer }) => trainer).values()) {
      for (const [index, { startedMs }] of own.entries()) {
        assert(startedMs >= (own[index - 1]?.endedMs ?? 0));
      }
    }
    for (const { submittedMs, startedMs, endedMs } of jobs) {
      assert(submittedMs <= startedMs && startedMs <= endedMs);
    }
  }
});

Deno.test("async keeps trainers busy that sync lets wait for the slowest", async () => {
  const options: SimulateOptions = {
    trainers: ["16"],
    population: 16,
    generations: 20,
    dimension: 4,
    cost: "lognormal:30s,1",
    finalistRepeats: 0,
  };
  const sync = await simulate({ ...options, mode: "sync" }).result;
  const async = await simulate({ ...options, mode: "async" }).result;
  assert(sync.utilization! < 0.4, `sync: ${sync.utilization}`);
  assert(async.utilization! > 0.9, `async: ${async.utilization}`);
  assertEquals(sync.ages, { mean: 0, max: 0, counts: [20 * 16] });
  assertEquals(async.queue, { mean: 0, max: 0 }, "candidates are drawn when a trainer is free");
  assert(async.ages.max > 0);
  assertEquals(async.ages.counts.reduce((a, b) => a + b, 0), 20 * 16);
});

Deno.test("what is dropped as too old is wasted", async () => {
  const options: SimulateOptions = {
    ...uneven,
    mode: "async",
    staleness: "drop",
    maxAge: 0,
    trainers: ["24"],
  };
  const { wasted, ages } = await simulate(options).result;
  const old = ages.counts.slice(1).reduce((a, b) => a + b, 0);
  assert(old > 0);
  assert(wasted.late >= old, `${wasted.late} late, ${old} old`);
});

Deno.test("a target ends the search, and its time is that of the first good result", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const target = 5;
  const { ended, targetSeconds, seconds, milestones } = await simulate({
    ...even,
    generations: 200,
    target,
    directory,
  }).result;
  assertEquals(ended, "the target 5 is reached");
  const rows = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), { skipFirstRow: true });
  const first = rows.find(({ fitness }) => -Number(fitness) <= target)!;
  assertEquals(targetSeconds, 10 * (Number(first["generation"]) + 1));
  assertEquals(seconds, targetSeconds);
  assertEquals(milestones.at(-1)!.atMs, 1000 * seconds);
  assert(milestones.at(-1)!.best! <= target);
});

Deno.test("a simulation says that it is one, and replays", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const { wasted, seconds } = await simulate({ ...uneven, mode: "async", directory }).result;
  const read = (file: string) => JSON.parse(Deno.readTextFileSync(`${directory}/${file}`));
  assertEquals(read("config.json").kind, "simulation");
  const summary = read("summary.json");
  assertEquals(summary.simulated, true);
  assertEquals(summary.status, "finished");
  assertEquals(summary.wasted, wasted);
  assert(Math.abs(summary.wallSeconds - seconds) < 1);
  assert(!("peakMemoryMiB" in summary));
  const tables = await replaySimulation(directory);
  assertEquals(tables.length, 4);
  assertEquals(tables.filter(({ differsAt }) => differsAt !== null), []);
});

Deno.test("the load says how many trainers work and how much waits", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await simulate({ ...even, trainers: ["4"], directory }).result;
  const rows = parse(Deno.readTextFileSync(`${directory}/load.csv`), { skipFirstRow: true });
  assert(rows.length > 100);
  assertEquals(new Set(rows.map(({ busy }) => busy)), new Set(["4"]));
  const queued = rows.map((row) => Number(row["queued"]));
  assertEquals([queued[0], Math.min(...queued)], [4, 0]);
});

Deno.test("what cannot be simulated is refused in one line before anything is written", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const nothing = `${folder.path}/nothing`;
  for (
    const [options, message] of [
      [{ cost: "30s" }, "Option cost must be constant:30s, uniform:10s,50s (least, most), "],
      [{ cost: `recorded:${nothing}` }, `Cannot read ${nothing}/config.json: expected the folder`],
      [{ trainers: ["0"] }, "Option trainers must be a number such as 512, or a list such as"],
      [{ trainers: [] }, "Option trainers must be a number such as 512"],
      [{ stragglers: "2,10" }, "Option stragglers must be SHARE,FACTOR such as 0.05,10"],
      [{ latency: "5" }, "Option latency must be a duration up to 250ms, such as 5ms, received"],
      [{ latency: "1s" }, "Option latency must be a duration up to 250ms"],
      [
        { latency: "250ms", lease: "750ms" },
        "Option lease must be more than 3 times the latency of 250ms, received 750ms: every trainer " +
        "would be taken for hung",
      ],
      [{ mtbf: "0s" }, "Option mtbf must be a duration up to 1000000h, such as 5ms"],
      [
        { lease: "never" },
        "Option lease must be a duration up to 1000000h, such as 5ms, 30s, 2m or 6h, or none",
      ],
      [{ objective: "banana" }, "Option objective must be one of sphere, ellipsoid, rastrigin"],
      [{ dimension: 0 }, "Option dimension must be an integer from 1 to 1000, received 0"],
      [{ staleness: "drop" }, "Option staleness means something only with mode async"],
      [
        { trainers: ["9"], population: 8 },
        "Option trainers must be at most the population of 8 in mode sync, " +
        "received 9: the others would never work",
      ],
      [
        { trainers: ["41"], population: 8, generations: 5, mode: "async" },
        "Option trainers must be at most the 40 candidates of all generations, received 41",
      ],
    ] as const satisfies readonly (readonly [SimulateOptions, string])[]
  ) {
    const error = await assertRejects(
      () => simulate({ ...options, directory }).result,
      ConfigurationError,
    );
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("trainers that say that they live are not replaced, however long they take", async () => {
  const options: SimulateOptions = {
    ...even,
    cost: "constant:1h",
    lease: "800ms",
    latency: "250ms",
  };
  const { restarts, wasted } = await simulate(options).result;
  assertEquals(restarts, 0);
  assertEquals(wasted, { late: 0, duplicate: 0, lost: 0, unfinished: 0 });
});

Deno.test("where all trainers fail before they are done, the reason is said", async () => {
  const options: SimulateOptions = { ...even, cost: "constant:1h", mtbf: "1s" };
  await assertRejects(
    () => simulate(options).result,
    ConfigurationError,
    "Cannot find a winner: all 40 candidates failed, the last one with: it was ended by SIGKILL",
  );
});

Deno.test("a simulation in which nothing can happen any more ends with the reason", async () => {
  const prepared = await prepareSimulation({ ...even, trainers: ["4"], lease: "none" });
  const clock = new VirtualClock();
  const world = { clock, files: noFiles, folder: noFolder, how: "begin" } as const;
  const hanging = { ...prepared, costMs: () => Infinity };
  await assertRejects(
    () => runSimulation(hanging, world, { emit: () => {}, signal: new AbortController().signal }),
    ConfigurationError,
    "Cannot end the simulation: after 0 ms nothing is left that could happen, with 4 of 4 trainers " +
      "at work and 4 evaluations waiting; with a lease, trainers that hang are replaced",
  );
});

Deno.test("a simulation can be stopped", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const run = simulate({ ...even, generations: 1_000_000, directory });
  for await (const event of run) if (event.type === "generation") break;
  run.stop();
  await assertRejects(() => run.result, RunStopped);
  assertEquals(JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`)).status, "stopped");
});
