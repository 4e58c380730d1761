import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { asServed, type DryRun, dryRun } from "./packed_files.ts";

const project = new URL("../../", import.meta.url);
const { name, exports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", project))) as {
  name: string;
  exports: Readonly<Record<string, string>>;
};

/** The same for every test: it takes seconds. */
let packed: Promise<DryRun> | undefined;
const pack = () => packed ??= dryRun();

Deno.test("what is published is what a user needs", async () => {
  const { files, errors } = await pack();
  assertEquals(errors, []);
  const folders = new Set(
    files.map((path) => path.replace(/[^/]*$/, "")).map((path) => path.split("/")[0]),
  );
  for (const folder of ["tests", "bench", "docs", "examples", ".ci"]) assert(!folders.has(folder));
  for (const entry of Object.values(exports)) assert(files.includes(entry.slice(2)), entry);
  assertEquals(
    files.filter((path) => !/\.ts$|^(deno\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(path)),
    ["experiments/dashboard/client.js"], // What browsers run.
  );
});

Deno.test("the dry run warns of nothing but modules that are named while the program runs", async () => {
  const { warnings } = await pack();
  assertEquals(
    warnings.toSorted(),
    [
      "actors/own/user_module.ts",
      "actors/runtime/transports/memory.ts",
      "actors/runtime/transports/worker_entry.ts",
      "experiments/mddes.ts",
      "experiments/terminal/dispatch.ts",
      "models/engines/create_engine.ts",
      "models/engines/tfjs/packages.ts",
      "models/network_process_entry.ts",
    ].map((path) => `unanalyzable-dynamic-import ${path}`),
  );
});

Deno.test("who does not ask for TensorFlow.js does not fetch it", () => {
  // Deno fetches whatever the lock file or the import map names, whoever asks.
  const lock = Deno.readTextFileSync(new URL("deno.lock", project));
  const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", project)));
  for (const name of ["@tensorflow", "puppeteer", "axe-core", "fast-check"]) {
    assert(!lock.includes(`"${name}`), `deno.lock names ${name}`);
    assert(!JSON.stringify(imports).includes(name), `the import map names ${name}`);
  }
});

/** A folder with the program of a user. */
async function programFolder(
  parent: string,
  config: Record<string, unknown>,
  called = "C:\\my programs #1 100%", // which a careless path would break at
): Promise<string> {
  const folder = `${parent}/${called}`;
  await Deno.mkdir(folder);
  const source = new URL("program/", import.meta.url);
  for await (const { name } of Deno.readDir(source)) {
    await Deno.copyFile(new URL(name, source), `${folder}/${name}`);
  }
  // What is fetched already is not asked for again.
  await Deno.copyFile(new URL("deno.full.lock", project), `${folder}/deno.lock`);
  const { imports } = JSON.parse(await Deno.readTextFile(`${folder}/deno.json`));
  const { imports: more, ...rest } = config;
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify({ ...rest, imports: { ...imports, ...more as Record<string, string> } }),
  );
  return folder;
}

/** Every entry point, by the name that a program imports it by. */
function entryPoints(urlOf: (entry: string, file: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(exports).map(([entry, file]) => [name + entry.slice(1), urlOf(entry, file)]),
  );
}

/** Run the programs of the folder, with the permissions that docs/program.md names. */
async function runPrograms(folder: string, flags: readonly string[], env: Record<string, string>) {
  const run = async (permissions: readonly string[], ...args: readonly string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", ...permissions, ...flags, ...args],
      cwd: folder,
      env: { ...env, NO_COLOR: "1" },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(code, 0, `${args.join(" ")}: ${err}`);
    return out!.trim().split("\n");
  };
  assertEquals(await run(["--allow-read"], "alone.ts"), [
    "60000 images of 1x28x28",
    "615594 parameters",
    "6 candidates",
  ]);
  const processes = ["--allow-read", "--allow-env", "--allow-run"];
  assertEquals(await run(processes, "actors.ts"), ["memory 9", "worker 9", "process 9"]);
  const files = ["--allow-read", "--allow-write=runs"];
  assertEquals(await run(files, "minimize.ts", "runs/sphere"), ["true"]);
  const searched = ["10 classes, own term 100"];
  // The network of one's own is loaded in a process.
  const inProcesses = [...files, "--allow-env", "--allow-run"];
  const onThreads = [...inProcesses, "--allow-ffi"];
  assertEquals(await run(onThreads, "search.ts", "runs/mnist", "mnist", "worker"), searched);
  assertEquals(await run(inProcesses, "search.ts", "runs/own", "synthetic", "process"), searched);
}

/** Search with the command that all commands are. */
async function runCommand(folder: string, mddes: string, host: string, cache: string) {
  const options =
    "--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 --discriminator-size 20 " +
    "--population 4 --generations 1 --devices cpu --finalists 1 --finalist-repeats 0";
  const permissions = ["--allow-read", "--allow-write=runs", "--allow-ffi"];
  const flags = ["--no-prompt", ...permissions, `--allow-import=${host}`];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, mddes, "search", ...options.split(" "), "--out", "runs/command"],
    cwd: folder,
    env: { DENO_DIR: cache, NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertMatch(new TextDecoder().decode(stdout), /^ {2}mddes evaluate --run runs\/command$/m);
}

Deno.test("a program elsewhere runs with the package from a server, without its import map", async () => {
  const { files } = await pack();
  const temporary = await Deno.makeTempDir();
  // What comes from a server of this test is of no use to anybody later.
  const cache = `${temporary}/cache`;
  await Deno.mkdir(cache);
  const { npmCache } = JSON.parse(new TextDecoder().decode(
    (await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output()).stdout,
  )) as { npmCache: string };
  await Deno.symlink(npmCache, `${cache}/npm`);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const path = decodeURIComponent(new URL(url).pathname).slice(1);
    if (!files.includes(path)) return new Response(null, { status: 404 });
    const type = path.endsWith(".ts") ? "text/typescript" : "application/json";
    return new Response(asServed(path), { headers: { "content-type": type } });
  });
  try {
    const host = `127.0.0.1:${server.addr.port}`;
    const imports = entryPoints((_, file) => `http://${host}/${file.slice(2)}`);
    const folder = await programFolder(temporary, { imports });
    await runPrograms(folder, [`--allow-import=${host}`], { DENO_DIR: cache });
    await runCommand(folder, `http://${host}/experiments/mddes.ts`, host, cache);
  } finally {
    await server.shutdown();
    await Deno.remove(temporary, { recursive: true });
  }
});

Deno.test("a program elsewhere runs with a copy of the package that it links to", async () => {
  const temporary = await Deno.makeTempDir();
  try {
    const folder = await programFolder(temporary, {
      links: [fileURLToPath(project)],
      imports: { [name]: `jsr:${name}` },
    });
    const checked = await new Deno.Command(Deno.execPath(), { args: ["check"], cwd: folder })
      .output();
    assertEquals(checked.code, 0, new TextDecoder().decode(checked.stderr));
    await runPrograms(folder, [], {});
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
});

Deno.test("a program runs beside the package in a workspace, where it can be published from", async () => {
  const { files } = await pack();
  const temporary = await Deno.makeTempDir();
  try {
    for (const path of files) {
      await Deno.mkdir(dirname(`${temporary}/mddes/${path}`), { recursive: true });
      await Deno.copyFile(new URL(path, project), `${temporary}/mddes/${path}`);
    }
    const folder = await programFolder(temporary, {}, "programs");
    await Deno.rename(`${folder}/deno.lock`, `${temporary}/deno.lock`);
    await Deno.writeTextFile(
      `${temporary}/deno.json`,
      JSON.stringify({ workspace: ["./mddes", "./programs"] }),
    );
    await runPrograms(folder, [], {});
    const { errors } = await dryRun(new URL(`file://${temporary}/mddes/`));
    assertEquals(errors, []);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
});
