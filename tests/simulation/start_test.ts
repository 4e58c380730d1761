import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ConfigurationError } from "../../options.ts";
import { simulate, type SimulateOptions } from "../../simulation/mod.ts";
import { replaySimulation } from "../../simulation/replay_simulation.ts";
import { startModel } from "../../simulation/start.ts";
import { temporaryFolder } from "../datasets/small_set.ts";

const CONFIG = JSON.stringify({
  format: 1,
  kind: "search",
  id: "run",
  deno: "2.9.6",
  source: "",
  configuration: {},
});

/** A run that has no more than a log. */
function writeRun(
  directory: string,
  lines: readonly (readonly [number, string, string, object?])[],
) {
  Deno.mkdirSync(directory);
  Deno.writeTextFileSync(`${directory}/config.json`, CONFIG);
  Deno.writeTextFileSync(
    `${directory}/log.jsonl`,
    lines.map(([ms, actor, text, fields]) => {
      const time = new Date(ms).toISOString();
      return `${JSON.stringify({ time, level: "info", actor, text, ...fields })}\n`;
    }).join(""),
  );
  return { kind: "recorded", run: directory } as const;
}

Deno.test("trainers start as in a recorded run, and others as any of that run", () => {
  using folder = temporaryFolder();
  const startMs = startModel(
    writeRun(`${folder.path}/run`, [
      [1000, "search/recorder", "started"],
      [1010, "search/sampler", "started"],
      [1210, "slots/slot-1-measure", "started"],
      [1310, "slots/slot-0-measure", "started"],
      [5000, "slots/slot-0-measure", "it was ended by SIGKILL"],
      [5000, "slots/slot-0-measure", "is started again", { delayMs: 10 }],
      [5410, "slots/slot-0-measure", "started"],
      // Another process continues the run.
      [9000, "search/sampler", "started"],
      [9500, "slots/slot-0-measure", "started"],
    ]),
    1,
  );
  assertEquals(startMs("slots/slot-0-measure", 1), 300);
  assertEquals(startMs("slots/slot-1-measure", 1), 200);
  const others = Array.from({ length: 50 }, (_, index) => startMs(`slots/slot-${index}-score`, 1));
  const again = Array.from(
    { length: 50 },
    (_, index) => startMs("slots/slot-0-measure", 2 + index),
  );
  assertEquals(new Set(others), new Set([200, 300, 400, 500]));
  assertEquals(new Set(again), new Set([200, 300, 400, 500]));
});

Deno.test("a run that does not say how long starts took is refused", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  for (
    const [lines, message] of [
      [[[1000, "search/sampler", "started"]], "expected the start of a trainer, received none"],
      [
        [[1000, "slots/slot-0-measure", "started"]],
        "expected starts of 0 to 59000 ms, received one of NaN ms of slots/slot-0-measure",
      ],
      [
        [[1000, "search/sampler", "started"], [900, "slots/slot-0-measure", "started"]],
        "expected starts of 0 to 59000 ms, received one of -100 ms of slots/slot-0-measure",
      ],
    ] as const
  ) {
    const run = writeRun(path, lines);
    assertThrows(
      () => startModel(run, 1),
      ConfigurationError,
      `Cannot use ${path}/log.jsonl: ${message}`,
    );
    Deno.removeSync(path, { recursive: true });
  }
});

/** Trainings of ten seconds. */
const even: SimulateOptions = {
  cost: "constant:10s",
  dimension: 4,
  trainers: ["4"],
  population: 8,
  generations: 5,
  finalistRepeats: 0,
};

Deno.test("a search begins when its trainers have started", async () => {
  const { seconds, utilization } = await simulate({ ...even, start: "50s" }).result;
  assertEquals(seconds, 150);
  assertEquals(utilization, 100 / 150);
});

Deno.test("after a failure a trainer is away for its start, and its candidate takes as long as before", async () => {
  const options: SimulateOptions = {
    ...even,
    cost: "uniform:9m,11m",
    mtbf: "40m",
    maxAttempts: 99,
  };
  const jobsOf = async (start: string) => {
    const run = simulate({ ...options, start });
    const jobs = [];
    for await (const event of run) if (event.type === "job") jobs.push(event);
    return { jobs, result: await run.result };
  };
  const { jobs, result } = await jobsOf("50s");
  assert(result.wasted.lost > 3, `${result.wasted.lost} lost`);
  for (const [index, job] of jobs.entries()) {
    if (job.outcome !== "lost") continue;
    const next = jobs.slice(index + 1).find(({ trainer }) => trainer === job.trainer);
    if (next) assert(next.startedMs - job.endedMs >= 50_000);
  }
  const undisturbed = simulate({ ...options, mtbf: "none" });
  const spanOf = ({ startedMs, endedMs }: { startedMs: number; endedMs: number }) =>
    Math.round(endedMs - startedMs);
  const keyOf = (job: { generation: number; candidate: number }) =>
    `${job.generation}/${job.candidate}`;
  const spans = new Map<string, number>();
  for await (const event of undisturbed) {
    if (event.type === "job") spans.set(keyOf(event), spanOf(event));
  }
  const finished = jobs.filter(({ outcome }) => outcome === "finished");
  assert(finished.some(({ attempt }) => attempt > 1));
  assertEquals(finished.map(spanOf), finished.map((job) => spans.get(keyOf(job))));
  assert(result.seconds > (await jobsOf("0s")).result.seconds);
});

Deno.test("the same start times give the same bytes as long as the run is there, and replay without", async () => {
  using folder = temporaryFolder();
  const options: SimulateOptions = { ...even, cost: "lognormal:10s,1", mtbf: "1m", start: "5s" };
  const first = `${folder.path}/first`;
  await simulate({ ...options, directory: first }).result;
  const again = { ...options, start: `recorded:${first}` };
  const summaryOf = async (name: string) => {
    const directory = `${folder.path}/${name}`;
    await simulate({ ...again, directory }).result;
    return Deno.readTextFileSync(`${directory}/summary.json`);
  };
  const one = await summaryOf("one");
  assertEquals(await summaryOf("two"), one);
  assertEquals(one, Deno.readTextFileSync(`${first}/summary.json`), "all of its starts took 5 s");
  Deno.removeSync(first, { recursive: true });
  const tables = await replaySimulation(`${folder.path}/one`);
  assertEquals(tables.filter(({ differsAt }) => differsAt !== null), []);
  await assertRejects(
    () => simulate(again).result,
    ConfigurationError,
    `Cannot read ${first}/config.json`,
  );
});
