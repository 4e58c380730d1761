import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FileLock } from "../../../actors/record/file_lock.ts";
import project from "../../../deno.json" with { type: "json" };
import { LiveRun } from "../../../experiments/dashboard/live_run.ts";
import { screenOf } from "../../../experiments/dashboard/terminal_screen.ts";
import { columnsOf } from "../../../experiments/terminal/columns.ts";
import { scratch } from "../reported_runs.ts";
import { MadeRun } from "./made_run.ts";

const ROOT = new URL("../../../", import.meta.url);

/** Watch a run as a user does, with the permissions of the task. */
function watch(directory: string): Deno.ChildProcess {
  const [, ...args] = project.tasks.watch.command.split(" ");
  return new Deno.Command(Deno.execPath(), {
    args: [...args, "--run", directory],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

Deno.test("a run of another process is watched from before it begins to its end", async () => {
  using folder = scratch();
  const directory = `${folder.path}/a`;
  await using process = watch(directory);
  const output: string[] = [];
  const reading = (async () => {
    for await (const text of process.stdout.pipeThrough(new TextDecoderStream())) output.push(text);
  })();
  const begin = performance.now();
  while (output.length === 0) {
    assert(performance.now() - begin < 60_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assertStringIncludes(output.join(""), "There is no run in");
  {
    // What is there is there at once, as in a folder that is put in its place.
    const run = new MadeRun(`${folder.path}/b`);
    run.generation();
    run.generation();
    using _lock = FileLock.tryAcquire(`${run.directory}/lock`);
    Deno.renameSync(run.directory, directory);
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  await reading;
  const { code } = await process.status;
  assertEquals(code, 0);
  const [last] = output.join("").split("There is no run").slice(-1);
  assertStringIncludes(last!, "stopped [");
  assertStringIncludes(last!, "8/82");
  assertStringIncludes(last!, "2 failed; last 1/3: it is made so");
  assertStringIncludes(last!, "To go on: deno task resume --run");
});

Deno.test("who stops watching is told so, and the exit code says it", async () => {
  using folder = scratch();
  await using process = watch(`${folder.path}/none`);
  const output = process.stdout.getReader();
  await output.read();
  process.kill("SIGINT");
  assertEquals((await process.status).code, 130);
  await output.cancel();
});

Deno.test("a screen fits the terminal, and texts of a run do not move its cursor", async () => {
  using folder = scratch();
  const run = new MadeRun(`${folder.path}/a`, {
    reason: "\u001b[2J\u009b2J bell \u0007",
    source: "\r\n 手書き数字".repeat(9),
  });
  for (let generation = 0; generation < 20; generation++) run.generation();
  const live = new LiveRun(run.directory, "a", () => Promise.resolve("not needed"));
  const state = await live.read();
  for (const [columns, rows] of [[80, 24], [20, 10], [200, 60]] as const) {
    const lines = screenOf(state, columns, rows);
    for (const line of lines) {
      assert(columnsOf(line) <= columns, line);
      // deno-lint-ignore no-control-regex
      assert(!/[\u0000-\u001f\u007f-\u009f]/.test(line), JSON.stringify(line));
    }
    if (rows > 20) assert(lines.length < rows, `${lines.length} lines`);
  }
});
