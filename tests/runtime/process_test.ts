/** Actors in processes: what they may do, what they are pinned to, and that none is left behind. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createActorSystem, type Placement } from "../../actors/runtime/mod.ts";
import type { In, Out } from "./actors/inspecting_actor.ts";

const START = new URL("./actors/inspecting_actor.ts", import.meta.url);
const RUNTIME = new URL("../../actors/runtime/mod.ts", import.meta.url);

async function inspect(placement: Placement, what: In["what"]): Promise<unknown> {
  await using system = createActorSystem();
  const supervisor = await system.supervise({
    name: "test",
    children: [{ id: "actor", start: START, placement }],
  });
  const actor = supervisor.ref<In, Out>("actor");
  return (await system.request(actor, { type: "Inspect", what }, { timeoutMs: 10_000 })).found;
}

Deno.test("a process actor has no permissions but those it is given", async () => {
  const none = { read: "denied", write: "denied", net: "denied", env: "denied", run: "denied" };
  assertEquals(await inspect({ kind: "process" }, "permissions"), none);
  assertEquals(
    await inspect({ kind: "process", flags: ["--v8-flags=--stack-size=500"] }, "permissions"),
    none,
  );
  assertEquals(
    await inspect({ kind: "process", flags: ["--allow-net", "--allow-read"] }, "permissions"),
    { ...none, read: "granted", net: "granted" },
  );
});

Deno.test("a process actor is pinned by its environment, on top of this process's", async () => {
  Deno.env.set("RUNTIME_TEST_INHERITED", "yes");
  try {
    const env = { CUDA_VISIBLE_DEVICES: "3", OMP_NUM_THREADS: "1" };
    const flags = ["--allow-env"];
    assertEquals(await inspect({ kind: "process", env, flags }, "environment"), {
      ...env,
      RUNTIME_TEST_INHERITED: "yes",
    });
  } finally {
    Deno.env.delete("RUNTIME_TEST_INHERITED");
  }
});

for (const kind of ["worker", "process"] as const) {
  Deno.test(`a ${kind} actor resolves names by the project's import map`, async () => {
    assertEquals(await inspect({ kind }, "import map"), "function");
  });
}

Deno.test({
  name: "without the permission to start a process its supervisor is told so",
  permissions: { read: true, env: true },
  fn: async () => {
    await assertRejects(() => inspect({ kind: "process" }, "permissions"), Error, "--allow-run");
  },
});

/** Runs a program that uses the runtime, from another folder and with the project's configuration. */
async function withProgram(
  source: string,
  use: (program: Deno.ChildProcess, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const main = `${folder}/main.ts`;
    await Deno.writeTextFile(
      main,
      `import { createActorSystem } from ${JSON.stringify(RUNTIME.href)};\n${source}`,
    );
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const program = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-lock", "--no-check", `--config=${config}`, main],
      cwd: folder,
      stdin: "null",
      stdout: "piped",
    }).spawn();
    await use(program, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function readLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text.trim();
}

Deno.test("actors of a program in another folder see the configuration it was started with", async () => {
  await withProgram(
    `await using system = createActorSystem();
     const start = new URL("./actor.ts", import.meta.url);
     const child = { id: "a", start, placement: { kind: "worker" } } as const;
     const { ended } = await system.supervise({ name: "s", children: [{ ...child, restart: "transient" }] });
     console.log(await system.request({ name: "s/a" } as never, { type: "Ask" } as never, { timeoutMs: 9000 }));`,
    async (program, folder) => {
      await Deno.writeTextFile(
        `${folder}/actor.ts`,
        `import { assertEquals } from "@std/assert";
         export const start = () => ({
           receive: (_: unknown, c: { reply(m: unknown): void }) =>
             c.reply({ type: typeof assertEquals }),
         });`,
      );
      assertEquals(await readLine(program.stdout), '{ type: "function" }');
      await program.status;
    },
  );
});

const SPINNING = new URL("./actors/faulty_actor.ts", import.meta.url).href;
const START_TWO_AND_SPIN = `
  const system = createActorSystem({
    onEvent: (event) => event.type === "exited" && Deno.writeTextFileSync("exits", event.reason.kind + "\\n", { append: true }),
    stopMs: 300,
  });
  const start = new URL(${JSON.stringify(SPINNING)});
  const children = ["a", "b"].map((id) => ({ id, start, placement: { kind: "process" as const } }));
  await system.supervise({ name: "s", children });
  const pids = [];
  for (const id of ["a", "b"]) {
    const to = { name: "s/" + id } as never;
    pids.push((await system.request(to, { type: "Ping" } as never, { timeoutMs: 9000 }) as any).pid);
    await system.send(to, { type: "Be", fault: "spinning" } as never);
  }
  Deno.addSignalListener("SIGINT", async () => {
    await system.stop();
    Deno.exit(7);
  });
  console.log(JSON.stringify(pids));`;

/** State and process group of a process; `undefined` if it has ended, collected or not. */
async function inspectProcess(pid: number): Promise<{ group: string } | undefined> {
  const args = ["-o", "stat=", "-o", "pgid=", "-p", `${pid}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  const [state, group] = new TextDecoder().decode(stdout).trim().split(/\s+/);
  return !state || state.startsWith("Z") ? undefined : { group: group! };
}

Deno.test({
  name: "a killed program leaves no actor behind, even one that spins",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withProgram(START_TWO_AND_SPIN, async (program) => {
      const pids: number[] = JSON.parse(await readLine(program.stdout));
      assertEquals(pids.length, 2);
      for (const pid of pids) assert(await inspectProcess(pid));
      program.kill("SIGKILL");
      await program.status;
      for (const pid of pids) while (await inspectProcess(pid));
    });
  },
});

Deno.test({
  name: "a program that is killed after all its processes were asked to end leaves none behind",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await withProgram(START_TWO_AND_SPIN, async (program) => {
      const pids: number[] = JSON.parse(await readLine(program.stdout));
      const args = ["-o", "pid=,comm=", "--ppid", `${program.pid}`];
      const { stdout } = await new Deno.Command("ps", { args }).output();
      const guards = new TextDecoder().decode(stdout).split("\n")
        .filter((line) => line.endsWith(" sh")).map((line) => Number.parseInt(line));
      assertEquals(guards.length, 2);
      for (const guard of guards) Deno.kill(guard, "SIGTERM");
      program.kill("SIGKILL");
      await program.status;
      for (let waited = 0; waited < 5000; waited += 50) {
        const left = await Promise.all(pids.map(inspectProcess));
        if (left.every((process) => process === undefined)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      for (const pid of pids) Deno.kill(pid, "SIGKILL");
      throw new Error("an actor outlived its program");
    });
  },
});

Deno.test({
  name: "Ctrl-C is for the program, which then stops its actors",
  ignore: Deno.build.os === "windows",
  async fn() {
    await withProgram(START_TWO_AND_SPIN, async (program, folder) => {
      const pids: number[] = JSON.parse(await readLine(program.stdout));
      const { group } = (await inspectProcess(program.pid))!;
      for (const pid of pids) assert((await inspectProcess(pid))!.group !== group);
      program.kill("SIGINT");
      assertEquals((await program.status).code, 7);
      assertEquals(await Deno.readTextFile(`${folder}/exits`), "killed\nkilled\n");
      for (const pid of pids) assertEquals(await inspectProcess(pid), undefined);
    });
  },
});
