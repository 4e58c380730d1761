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
  for (const file of ["config.json", "evaluation-a.csv", "generations.csv"]) {
    const path = `${made.directory}/${file}`;
    const before = file.startsWith("evaluation") ? "" : Deno.readTextFileSync(path);
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
