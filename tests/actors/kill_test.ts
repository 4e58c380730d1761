import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Random } from "../../random.ts";
import { COMPARABLE, readFiles } from "./small_search.ts";

const root = new URL("../..", import.meta.url);
const options = "--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 " +
  "--discriminator-size 20 --discriminator-epochs 1 --population 4 --finalists 2 " +
  "--finalist-repeats 1 --seed 5 --devices cpu,cpu --max-attempts 100";

/** A command of the project in a process of its own. */
function spawn(script: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", `experiments/${script}.ts`, ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

function search(directory: string, ...more: string[]): Deno.ChildProcess {
  return spawn("search", [...options.split(" "), "--out", directory, ...more]);
}

async function end(process: Deno.ChildProcess): Promise<{ code: number; stderr: string }> {
  const stderr = await new Response(process.stderr).text();
  const { code } = await process.status;
  return { code, stderr };
}

/** Processes that a process started and that run a role. */
async function roleProcesses(parent: number): Promise<number[]> {
  const args = ["-o", "pid=,args=", "-ww", "--ppid", `${parent}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => /trainer\.ts|scorer\.ts/.test(line))
    .map((line) => Number.parseInt(line));
}

Deno.test({
  name: "trainers killed in the middle of their work change no byte of the result",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const generations = ["--generations", "20"];
    assertEquals((await end(search(`${folder}/whole`, ...generations))).code, 0);

    const process = search(`${folder}/killed`, ...generations, "--isolation", "process");
    const random = new Random(1);
    let kills = 0;
    let running = true;
    const killer = (async () => {
      for (let done = 1; running && kills < 8;) {
        await pause(20 + random.integer(20));
        const evaluated = evaluations(`${folder}/killed`);
        if (evaluated < done) continue;
        const victims = await roleProcesses(process.pid);
        if (victims.length < 3) continue; // Let those that were killed come back.
        try {
          Deno.kill(victims[random.integer(victims.length)]!, "SIGKILL");
        } catch (error) {
          if (!(error instanceof Deno.errors.NotFound)) throw error;
          continue; // It had ended by itself meanwhile: that is no kill.
        }
        kills++;
        done = evaluated + 1 + random.integer(6);
      }
    })();
    const { code, stderr } = await end(process);
    running = false;
    await killer;
    assertEquals(code, 0, stderr);
    assertEquals(kills, 8);
    assertEquals(
      readFiles(`${folder}/killed`, COMPARABLE),
      readFiles(`${folder}/whole`, COMPARABLE),
    );
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("a run killed as it starts and as it computes ends with the bytes of one that never was", async () => {
  const folder = await Deno.makeTempDir();
  const generations = ["--generations", "16"];
  assertEquals((await end(search(`${folder}/whole`, ...generations))).code, 0);

  const directory = `${folder}/killed`;
  const random = new Random(2);
  let kills = 0;
  for (let session = 0; session < 8; session++) {
    const process = session === 0
      ? search(directory, ...generations)
      : spawn("resume", ["--run", directory]);
    let running = true;
    const ended = end(process).finally(() => running = false);
    // Until there is something to resume, wait; then a moment that nobody can foresee.
    while (session === 0 && textOf(`${directory}/journal.jsonl`) === "") await pause(20);
    const more = random.integer(8);
    const enough = evaluations(directory) + more;
    while (running && evaluations(directory) < enough) await pause(10);
    await pause(random.integer(more === 0 ? 800 : 30));
    try {
      process.kill("SIGKILL");
    } catch {
      // It was done before the kill.
    }
    if ((await ended).code !== 0) kills++;
  }
  assertEquals(kills, 8, "some came after the end");
  const { code, stderr } = await end(spawn("resume", ["--run", directory]));
  assertEquals(code, 0, stderr);
  assertEquals(readFiles(directory, COMPARABLE), readFiles(`${folder}/whole`, COMPARABLE));
  await Deno.remove(folder, { recursive: true });
});

/** Processes that a process has started, apart from those that have ended. */
async function children(parent: number): Promise<number[]> {
  const args = ["-o", "pid=", "--ppid", `${parent}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean).map(Number);
}

/** Those that have not ended. */
async function alive(pids: readonly number[]): Promise<number[]> {
  const args = ["-o", "pid=,stat=", "-p", pids.join()];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.trim() !== "" && !/ Z/.test(line))
    .map((line) => Number.parseInt(line));
}

Deno.test({
  name: "no trainer outlives a run that is killed, not even one that computes",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const folder = await Deno.makeTempDir();
    // Seconds of training without a look at any message.
    const long = "--dataset synthetic --train-size 9000 --epochs 100 --discriminator-size 20 " +
      "--population 4 --generations 10 --devices cpu,cpu --isolation process --out";
    const process = spawn("search", [...long.split(" "), `${folder}/run`]);
    while (!textOf(`${folder}/run/journal.jsonl`).includes("Sampled")) await pause(20);
    const started = await children(process.pid);
    assert(started.length >= 4, `${started.length} processes`);
    process.kill("SIGKILL");
    await end(process);
    for (let waited = 0; (await alive(started)).length > 0; waited += 100) {
      assert(waited < 5000, `${await alive(started)} outlived it`);
      await pause(100);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a full disk ends the run with one line, and it goes on when there is room to write",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await sh("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
    try {
      const directory = `${folder}/run`;
      const { code, stderr } = await end(search(directory, "--generations", "16"));
      assertEquals(code, 1);
      assertStringIncludes(stderr, `error: Cannot write ${directory}/`);
      assertStringIncludes(stderr, "No space left on device");
      assert(!/^ +at /m.test(stderr), `no stack trace: ${stderr}`);
      await sh("mount", "-o", "remount,size=4m", folder);
      const again = await end(spawn("resume", ["--run", directory]));
      assertEquals(again.code, 0, again.stderr);
      const rows = Deno.readTextFileSync(`${directory}/candidates.csv`).trim().split("\r\n");
      assertEquals(rows.length, 1 + 4 * 16);
      await sh("mount", "-o", "remount,ro", folder);
      const refused = await end(spawn("resume", ["--run", directory]));
      assertEquals(refused.code, 2);
      assertEquals(
        refused.stderr,
        `error: Cannot use the run in ${directory}: Read-only file system\n`,
      );
    } finally {
      await sh("umount", folder);
      await Deno.remove(folder);
    }
  },
});

/** How many the journal of a run has. */
function evaluations(directory: string): number {
  return textOf(`${directory}/journal.jsonl`).split('"Evaluated"').length - 1;
}

/** Empty if there is no such file yet. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function sh(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  assert(success, new TextDecoder().decode(stderr));
}
