import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { FileLock } from "../../../actors/record/file_lock.ts";
import { LiveRun } from "../../../experiments/dashboard/live_run.ts";
import { leftText } from "../../../experiments/dashboard/run_progress.ts";
import { scratch } from "../reported_runs.ts";
import { MadeRun } from "./made_run.ts";

const withoutImages = () => Promise.resolve("not needed");

Deno.test("a file that cannot be read for a moment costs nothing of what was read", async () => {
  using folder = scratch();
  const made = new MadeRun(`${folder.path}/a`);
  made.generation();
  const live = new LiveRun(made.directory, "a", withoutImages);
  const counts = async () => {
    const { run } = await live.read();
    return run && [run.candidates.length, run.generations.length];
  };
  assertEquals(await counts(), [4, 1]);
  for (const file of ["config.json", "generations.csv"]) {
    const path = `${made.directory}/${file}`;
    const before = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, file === "config.json" ? "{" : "a,b\n1\n");
    const { problem } = await live.read();
    assertStringIncludes(problem!, file);
    assertEquals(await counts(), undefined);
    Deno.writeTextFileSync(path, before);
    assertEquals(await counts(), [4, 1]);
  }
  made.generation();
  assertEquals(await counts(), [8, 2]);
});

Deno.test("a log or tests that are damaged take nothing else away", async () => {
  using folder = scratch();
  const made = new MadeRun(`${folder.path}/a`);
  made.generation();
  const log = Deno.readTextFileSync(`${made.directory}/log.jsonl`);
  Deno.writeTextFileSync(`${made.directory}/log.jsonl`, "5\n");
  Deno.writeTextFileSync(`${made.directory}/evaluation-a.csv`, "method,status\nclean,ok\n");
  Deno.writeTextFileSync(
    `${made.directory}/evaluation-b.csv`,
    "method,status,test_accuracy,perturbed_accuracy\nclean,ok,0.5,0.5\nclean,o",
  );
  const live = new LiveRun(made.directory, "a", withoutImages);
  const { run, problem } = await live.read();
  assertEquals([problem, run?.candidates.length], [undefined, 4]);
  assertMatch(run!.unreadLog!, /log.jsonl: line 1 is none that a run writes: expected an object/);
  assertMatch(run!.unreadTests.join(), /^Cannot read [^,]*evaluation-a.csv, line 2: test_accuracy/);
  assertEquals([...run!.tests.keys()], ["evaluation-b"]);
  Deno.writeTextFileSync(`${made.directory}/log.jsonl`, log);
  assertEquals((await live.read()).run?.unreadLog, undefined);
});

Deno.test("what cannot be read is one line that names the file", async () => {
  using folder = scratch();
  const journal = new MadeRun(`${folder.path}/journal`).directory;
  Deno.removeSync(`${journal}/journal.jsonl`);
  Deno.mkdirSync(`${journal}/journal.jsonl`);
  Deno.symlinkSync("loop", `${folder.path}/loop`);
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  const cases: [path: string, line: RegExp][] = [
    [journal, /^Cannot read [^ ]*journal.jsonl: Is a directory$/],
    [`${folder.path}/loop`, /^Cannot read [^ ]*journal.jsonl: Too many levels of symbolic links$/],
    [`${folder.path}/${"a".repeat(300)}`, /^Cannot read [^ ]*journal.jsonl: File name too long$/],
    [`${folder.path}/file`, /^There is no run in [^ ]*file$/],
    [`${folder.path}/file/a`, /^There is no run in [^ ]*file.a$/],
    [`${folder.path}/none`, /^There is no run in [^ ]*none$/],
  ];
  for (const [path, line] of cases) {
    assertMatch((await new LiveRun(path, "a", withoutImages).read()).problem!, line);
  }
});

Deno.test("a journal that is damaged is told, and read anew when it is put back", async () => {
  using folder = scratch();
  const made = new MadeRun(`${folder.path}/a`);
  made.generation();
  const live = new LiveRun(made.directory, "a", withoutImages);
  await live.read();
  const path = `${made.directory}/journal.jsonl`;
  made.generation();
  const text = Deno.readTextFileSync(path);
  const second = text.indexOf('"generation":1');
  const damaged = text.slice(second).replace('"candidate":1', '"candidate":2');
  Deno.writeTextFileSync(path, text.slice(0, second) + damaged);
  for (const _ of [1, 2]) {
    assertMatch((await live.read()).problem!, /journal.jsonl: line 12 is damaged/);
  }
  Deno.writeTextFileSync(path, text);
  assertEquals((await live.read()).run?.candidates.length, 8);
});

Deno.test("the time that is left is that of the process which works on it", async () => {
  using folder = scratch();
  const made = new MadeRun(`${folder.path}/a`);
  made.generation();
  const live = new LiveRun(made.directory, "a", withoutImages);
  const before = (await live.read()).progress!;
  assertEquals([before.state, before.done, before.total], ["stopped", 4, 82]);
  assertEquals(leftText(before), "");
  using _lock = FileLock.tryAcquire(`${made.directory}/lock`);
  const now = (await live.read()).progress!;
  assertEquals([now.state, now.before], ["running", 0]);
  assertMatch(leftText({ ...now, elapsedMs: 8000 }), /^2.6 min left$/);
  assertEquals(leftText({ ...now, before: 4 }), "");
});

Deno.test("finalists of a run that was extended are counted, also where they are more than planned", async () => {
  using folder = scratch();
  const made = new MadeRun(`${folder.path}/a`, {}, 1);
  made.generation();
  const live = new LiveRun(made.directory, "a", withoutImages);
  assertEquals((await live.read()).progress?.total, 6);
  made.append([0, 1, 2].map((candidate) => ({
    type: "Sampled",
    generation: 0,
    candidate,
    repeat: 1,
    seed: 7,
    draw: { x: [0], version: 0 },
  })));
  const { done, open, total } = (await live.read()).progress!;
  assertEquals([done, open, total], [4, 3, 7]);
});
