import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { readJournal } from "../../actors/record/journal.ts";
import { replaySearch } from "../../actors/search.ts";
import { main as finish } from "../../experiments/finish.ts";
import {
  ConfigurationError,
  minimize,
  type MinimizeOptions,
  openRun,
  type PopulationEvent,
  resume,
  resumeMinimize,
  RunStopped,
  search,
} from "../../mod.ts";
import { bytesIn } from "./image_folder.ts";
import { COMPARABLE, readFiles, small } from "./small_search.ts";

/** Down a sphere that takes its time, by two workers. */
const descent: MinimizeOptions = {
  evaluator: new URL("./objectives/slow_sphere.ts", import.meta.url),
  mean: [1, 1, 1],
  sigma: 0.5,
  population: 6,
  generations: 50,
  finalists: 2,
  finalistRepeats: 0,
  workers: 2,
};

const never = new AbortController().signal;

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** A run that is told to finish when so many evaluations are done, and what it tells. */
async function finishedAfter(
  evaluations: number,
  options: MinimizeOptions,
): Promise<PopulationEvent[]> {
  await using run = minimize(options);
  if (evaluations === 0) run.finish();
  const events: PopulationEvent[] = [];
  let done = 0;
  for await (const event of run) {
    events.push(event);
    if (event.type === "evaluated" && ++done === evaluations) run.finish();
  }
  await run.result;
  return events;
}

/** A run that was stopped in its second generation. */
async function stoppedRun(options: MinimizeOptions): Promise<void> {
  await using run = minimize(options);
  let done = 0;
  for await (const event of run) if (event.type === "evaluated" && ++done === 8) run.stop();
  await assertRejects(() => run.result, RunStopped);
}

function rowsOf(directory: string, file: string): Record<string, string>[] {
  return parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });
}

Deno.test("a run that is told to finish names the best candidate so far, trained again", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const events = await finishedAfter(15, { ...descent, finalistRepeats: 2, directory });
  const ended = events.find((event) => event.type === "ended");
  assert(ended?.type === "ended" && ended.generation !== null && ended.generation >= 1);
  assertEquals(ended.reason, "it was told to finish");
  assertEquals(rowsOf(directory, "generations.csv").length, ended.generation + 1);
  const searched = rowsOf(directory, "candidates.csv").length;
  assert(searched >= 15 && searched < 6 * 50, `${searched} were evaluated`);
  const finalists = rowsOf(directory, "finalists.csv");
  assertEquals(finalists.length, 4);
  const run = await openRun(directory);
  assert(run.kind === "minimize" && run.isFinished);
  assertEquals([run.summary?.status, run.summary?.ended], ["finished", ended.reason]);
  assertEquals(run.best!.value, -Math.max(...finalists.map(({ fitness }) => Number(fitness))));
});

Deno.test("a run that was finished early is done, and goes on with more generations as if it never was", async () => {
  await using folder = await scratch();
  const [early, whole] = [`${folder.path}/early`, `${folder.path}/whole`];
  const events = await finishedAfter(15, { ...descent, generations: 20, directory: early });
  assert(events.some(({ type }) => type === "ended"));
  const before = readFiles(early, COMPARABLE);
  await using same = resumeMinimize(early);
  await same.result;
  assertEquals(readFiles(early, COMPARABLE), before);

  await using more = resumeMinimize(early, { generations: 21 });
  await more.result;
  await using undisturbed = minimize({ ...descent, generations: 21, directory: whole });
  await undisturbed.result;
  assertEquals(readFiles(early, COMPARABLE), readFiles(whole, COMPARABLE));
});

Deno.test("in async mode nothing is drawn any more, either", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await finishedAfter(15, { ...descent, mode: "async", directory });
  const { events } = await readJournal(`${directory}/journal.jsonl`);
  const end = events.findIndex(({ type }) => type === "Ended");
  const drawn = events.slice(end).filter(({ type }) => type === "Sampled");
  assert(end > 0 && drawn.length <= 4, "but for slots that were about to begin");
  await using again = resumeMinimize(directory);
  const before = readFiles(directory, COMPARABLE);
  await again.result;
  assertEquals(readFiles(directory, COMPARABLE), before);
});

Deno.test("a run that is told to finish before there is a candidate waits for the first", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const events = await finishedAfter(0, { ...descent, directory });
  assertEquals(events.find((event) => event.type === "ended")?.generation, null);
  assertEquals(rowsOf(directory, "generations.csv"), []);
  assert(rowsOf(directory, "candidates.csv").length < 6);
  await using again = resumeMinimize(directory);
  await again.result;
});

Deno.test("a search that was finished early replays, resumes and says where it is", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, generations: 50, directory });
  let done = 0;
  for await (const event of run) {
    if (event.type === "evaluated" && ++done === 6) {
      const { state, generation, best, distribution, slots } = run.snapshot();
      assertEquals([state, slots], ["searching", 2]);
      assert(generation >= 1);
      assertEquals(best?.disturbance.classes.length, 10);
      assertEquals(distribution?.mean?.length, 30);
      run.finish();
    }
  }
  const { best } = await run.result;
  assertEquals(run.snapshot().best, best);
  assert((await replaySearch(directory)).every(({ differsAt }) => differsAt === null));
  const before = readFiles(directory, COMPARABLE);
  await using again = resume(directory);
  assertEquals((await again.result).best, best);
  assertEquals(readFiles(directory, COMPARABLE), before);
});

Deno.test("the command names the winner of a run that was stopped, and searches no more", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await stoppedRun({ ...descent, finalistRepeats: 1, directory });
  const { candidates } = await openRun(directory);
  await finish(["--run", directory, "--workers", "1"], never);
  const run = await openRun(directory);
  const best = readFiles(directory, ["best.json"]);
  // As if the process was killed just before.
  Deno.removeSync(`${directory}/best.json`);
  await finish(["--run", directory], never);
  assertEquals(readFiles(directory, ["best.json"]), best);
  assert(run.isFinished && run.best);
  assertEquals(run.candidates.map(({ genome }) => genome), candidates.map(({ genome }) => genome));
  assertEquals(run.finalists.length, 2);
  assertEquals(run.summary?.ended, "it was told to finish");
});

Deno.test("the command names the winner of a search, too", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, generations: 50, directory });
  for await (const event of run) if (event.type === "generation") run.stop();
  await assertRejects(() => run.result, RunStopped);
  await finish(["--run", directory, "--devices", "cpu"], never);
  const { best, isFinished, finalists } = await openRun(directory);
  assert(best && isFinished);
  assertEquals(finalists.length, 2);
  assert((await replaySearch(directory)).every(({ differsAt }) => differsAt === null));
});

Deno.test("what cannot be finished is refused in one line, and nothing in the folder changes", async () => {
  await using folder = await scratch();
  const [done, empty, busy, stopped] = ["done", "empty", "busy", "stopped"]
    .map((name) => `${folder.path}/${name}`) as [string, string, string, string];
  await finishedAfter(8, { ...descent, directory: done });
  await stoppedRun({ ...descent, directory: stopped });
  {
    await using run = minimize({ ...descent, directory: empty });
    for await (const event of run) if (event.type === "started") run.stop();
  }
  await using running = minimize({ ...descent, directory: busy });
  for await (const event of running) if (event.type === "started") break;
  const command = (directory: string, ...more: string[]) => () =>
    finish(["--run", directory, ...more], never);
  const cases: [() => Promise<unknown>, string, string?][] = [
    [command(done), "it is done, and best.json has its winner", done],
    [command(empty), "no candidate has a result; to go on: deno task resume --run", empty],
    [command(busy), "another process is writing it"],
    [command(`${folder.path}/none`), "expected the folder of a run"],
    [command(stopped, "--devices", "cpu"), "with --devices: it is a run of minimize", stopped],
    [
      () => resumeMinimize(stopped, { finish: true, generations: 60 }).result,
      "Option generations means something only without finish, received 60",
      stopped,
    ],
    [() => resume(stopped, { finish: true, generations: 60 }).result, "only without finish"],
  ];
  for (const [attempt, message, directory] of cases) {
    const before = directory && bytesIn(directory);
    const error = await assertRejects(attempt, ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
    assertEquals(directory && bytesIn(directory), before, message);
  }
});
