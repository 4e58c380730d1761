import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ConfigurationError, minimize, resume, search } from "../../mod.ts";
import { small } from "./small_search.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test({
  name: "a search without permissions is refused in one line before anything is done",
  permissions: "none",
  fn: async () => {
    const run = search({ ...small, directory: "none/run" });
    const { message } = await assertRejects(() => run.result, ConfigurationError);
    assertEquals(
      message,
      `Cannot begin without --allow-read=none,${ROOT.pathname} (the folder of the run, ` +
        "modules of mddes), --allow-write=none (the folder of the run) and --allow-ffi (ONNX Runtime)",
    );
  },
});

Deno.test({
  name: "what a search needs follows from its options",
  permissions: { read: true, write: ["none"], ffi: true },
  fn: async () => {
    const directory = "none/run";
    const cases: [options: Parameters<typeof search>[0], missing: RegExp][] = [
      [
        { isolation: "process" },
        /without --allow-run=\S+ \(proc.*\) and --allow-env \(proc[^,]*\)$/,
      ],
      [{ engine: "tfjs" }, /without --allow-run=\S+ \(processes that train\) and --allow-env/],
      [{ devices: ["gpu:0"] }, /without --allow-run=\S+ \(processes that train\) and --allow-env/],
      [
        { network: "examples/my_network.ts" },
        /without --allow-run=\S+ \(the network in a file\) and --allow-env/,
      ],
      [{ dataset: "cifar10" }, /without --allow-env=MDDES_DATA,\S+ \(the images of cifar10\)$/],
      [
        { directory: "elsewhere/run" },
        /without --allow-write=elsewhere \(the folder of the run\)$/,
      ],
    ];
    for (const [options, missing] of cases) {
      const run = search({ ...small, directory, ...options });
      const { message } = await assertRejects(() => run.result, ConfigurationError);
      assertMatch(message, missing);
    }
  },
});

Deno.test({
  name: "what minimize and resume need is named, too",
  permissions: { read: [ROOT.pathname] },
  fn: async () => {
    const directory = "none/run";
    const begun = minimize({ evaluator: new URL("file:///o.ts"), mean: [1], directory });
    await assertRejects(
      () => begun.result,
      ConfigurationError,
      "Cannot begin without --allow-write=none (the folder of the run) and --allow-read=/o.ts (a mod",
    );
    const remote = minimize({ evaluator: new URL("https://localhost/o.ts"), mean: [1], directory });
    const { message } = await assertRejects(() => remote.result, ConfigurationError);
    assertEquals(message, "Cannot begin without --allow-write=none (the folder of the run)");
    await assertRejects(
      () => resume("/elsewhere").result,
      ConfigurationError,
      "Cannot begin without --allow-read=/elsewhere (the folder of the run) and --allow-write=/e",
    );
  },
});

/** Run a program with no more permissions than these. */
async function run(permissions: readonly string[], script: string, ...args: readonly string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, script, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

const SMALL =
  "--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 --discriminator-size 20 " +
  "--population 4 --generations 1 --devices cpu --finalists 1 --finalist-repeats 0";

Deno.test("a search on threads needs to read, to write its folder, and a native library", async () => {
  const folder = await Deno.makeTempDir();
  const library = new URL(".", import.meta.resolve("onnxruntime-node/package.json")).pathname;
  const { code, stderr } = await run(
    [
      `--allow-read=${ROOT.pathname},${folder}`,
      `--allow-write=${folder}`,
      `--allow-ffi=${library}`,
    ],
    "experiments/search.ts",
    ...[...SMALL.split(" "), "--out", `${folder}/run`],
  );
  assertEquals(code, 0, stderr);
});

Deno.test("a search in processes needs to start Deno with its environment, and no library", async () => {
  const folder = await Deno.makeTempDir();
  const { code, stderr } = await run(
    ["--allow-read", `--allow-write=${folder}`, "--allow-env", `--allow-run=${Deno.execPath()}`],
    "experiments/search.ts",
    ...[...SMALL.split(" "), "--isolation", "process", "--out", `${folder}/run`],
  );
  assertEquals(code, 0, stderr);
});

Deno.test("minimize needs to read modules, and to write its folder", async () => {
  const folder = await Deno.makeTempDir();
  const program = `${folder}/program.ts`;
  const source = `import { minimize } from ${JSON.stringify(new URL("mod.ts", ROOT).href)};
    const evaluator = new URL(${
    JSON.stringify(new URL("tests/actors/objectives/sphere.ts", ROOT).href)
  });
    const directory = ${JSON.stringify(`${folder}/run`)};
    await using run = minimize({ evaluator, mean: [1], generations: 1, workers: 1, directory });
    await run.result;`;
  await Deno.writeTextFile(program, source);
  const { code, stderr } = await run(
    ["--config=deno.json", `--allow-read=${ROOT.pathname},${folder}`, `--allow-write=${folder}`],
    program,
  );
  assertEquals(code, 0, stderr);
});

Deno.test("commands that train are refused before they make a folder", async () => {
  const folder = await Deno.makeTempDir();
  const allowed = ["--allow-read", `--allow-write=${folder}`];
  const results = await Promise.all([
    run(allowed, "experiments/table1.ts", "--dataset", "synthetic", "--runs", `${folder}/runs`),
    run(allowed, "experiments/evaluate.ts", "--run", `${folder}/run`),
    run(allowed, "experiments/demo.ts", "--out", `${folder}/run`),
  ]);
  for (const { code, stderr } of results) {
    assertEquals([code, stderr], [2, "error: Cannot begin without --allow-ffi (ONNX Runtime)\n"]);
  }
  assertEquals([...Deno.readDirSync(folder)], []);
});
