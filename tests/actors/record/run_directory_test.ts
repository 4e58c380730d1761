/** Who may use the folder of a run, and what happens where it is taken away. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { FileLock } from "../../../actors/record/file_lock.ts";
import { minimizeSchema, searchSchema } from "../../../actors/configuration.ts";
import { readConfiguration, RunDirectory } from "../../../actors/record/run_directory.ts";
import { ConfigurationError } from "../../../options.ts";

function scratch(): { path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("of three processes that claim a run again and again, never two have it", async () => {
  using folder = scratch();
  const path = `${folder.path}/run`;
  {
    using run = RunDirectory.create(path);
    run.writeConfiguration("minimize", "a test", {});
  }
  const script = new URL("../processes/claim_often.ts", import.meta.url).pathname;
  const args = ["run", "--no-check", "--no-prompt", "--allow-read", "--allow-write", "--allow-env"];
  const ended = await Promise.all(
    [1, 2, 3].map(() =>
      new Deno.Command(Deno.execPath(), { args: [...args, script, path, "4000"] }).output()
    ),
  );
  const counts = ended.map(({ stdout, stderr }) => {
    assertEquals(new TextDecoder().decode(stderr), "");
    return JSON.parse(new TextDecoder().decode(stdout)) as { had: number; shared: number };
  });
  assert(counts.some(({ had }) => had > 0), JSON.stringify(counts));
  assertEquals(counts.map(({ shared }) => shared), [0, 0, 0], JSON.stringify(counts));
  assertEquals(namesIn(path), ["config.json"]);
});

Deno.test("a lock that was opened before its holder left is no lock", () => {
  using folder = scratch();
  const path = `${folder.path}/lock`;
  const first = FileLock.tryAcquire(path)!;
  // Another process opens the file, and is slow to lock it.
  using slow = Deno.openSync(path, { write: true });
  first[Symbol.dispose]();
  assertEquals(namesIn(folder.path), []);
  assert(slow.tryLockSync(true));
  using second = FileLock.tryAcquire(path)!;
  assert(second.held, "the file that was removed keeps nobody out");
  assertEquals(FileLock.tryAcquire(path), undefined);
});

Deno.test("a lock whose file was replaced is not held, and does not remove the other", () => {
  using folder = scratch();
  const path = `${folder.path}/lock`;
  const lost = FileLock.tryAcquire(path)!;
  Deno.removeSync(path);
  assertEquals(lost.held, false);
  using other = FileLock.tryAcquire(path)!;
  lost[Symbol.dispose]();
  assert(other.held);
});

Deno.test("nothing is written into a folder that was removed or replaced", () => {
  using folder = scratch();
  const path = `${folder.path}/run`;
  using run = RunDirectory.create(path);
  run.writeConfiguration("minimize", "a test", {});
  Deno.removeSync(path, { recursive: true });
  const message = () =>
    assertThrows(() => run.writeJson("summary.json", {}), ConfigurationError).message;
  assertStringIncludes(message(), `${path} was removed or replaced`);
  assertEquals(namesIn(folder.path), []);
  using other = RunDirectory.create(path);
  assertStringIncludes(message(), `${path} was removed or replaced`);
  other.writeConfiguration("minimize", "a test", {});
  assertEquals(namesIn(path), ["config.json", "lock"]);
});

Deno.test("a run that could not write its configuration leaves a folder that can be taken", () => {
  using folder = scratch();
  const path = `${folder.path}/run`;
  Deno.mkdirSync(path);
  Deno.writeTextFileSync(`${path}/config.json.partial`, "{");
  using run = RunDirectory.create(path);
  run.writeConfiguration("minimize", "a test", {});
  assertEquals(namesIn(path), ["config.json", "lock"]);
});

Deno.test("a file of a run has its name only when it is on the disk", () => {
  using folder = scratch();
  using run = RunDirectory.create(`${folder.path}/run`);
  const calls: string[] = [];
  const { syncSync } = Deno.FsFile.prototype;
  const { renameSync } = Deno;
  try {
    Deno.FsFile.prototype.syncSync = function () {
      calls.push("sync");
      return syncSync.call(this);
    };
    Deno.renameSync = (from, to) => {
      calls.push("rename");
      return renameSync(from, to);
    };
    run.writeJson("summary.json", {});
  } finally {
    Deno.FsFile.prototype.syncSync = syncSync;
    Deno.renameSync = renameSync;
  }
  assertEquals(
    calls,
    Deno.build.os === "windows" ? ["sync", "rename"] : ["sync", "rename", "sync"],
  );
});

/** Options of a configuration that can be taken out of its file without a word. */
function silentlyMissing(
  path: string,
  kind: "search" | "minimize",
  file: { readonly configuration: Readonly<Record<string, unknown>> },
): string[] {
  const schema = kind === "search" ? searchSchema : minimizeSchema;
  return Object.keys(file.configuration).filter((option) => {
    const { [option]: _, ...configuration } = file.configuration;
    Deno.writeTextFileSync(`${path}/config.json`, JSON.stringify({ ...file, configuration }));
    try {
      readConfiguration(path, kind, schema);
      return true;
    } catch (error) {
      assert(error instanceof ConfigurationError);
      assertStringIncludes(error.message, `Option ${option} in ${path}/config.json is missing`);
      assert(!error.message.includes("\n"));
      return false;
    }
  });
}

Deno.test("a config.json lacks no option that its run had, but those that can be none", () => {
  using folder = scratch();
  const recorded = new URL("../../golden/run_version_1/config.json", import.meta.url);
  const old = JSON.parse(Deno.readTextFileSync(recorded));
  assertEquals(silentlyMissing(folder.path, "search", old), ["population"]);

  const { network: _, dataset: __, ...configuration } = old.configuration;
  const shared = Object.keys(minimizeSchema.entries).filter((option) => option in configuration);
  const begun = {
    ...old,
    kind: "minimize",
    configuration: {
      ...Object.fromEntries(shared.map((option) => [option, configuration[option]])),
      evaluator: "file:///sphere.ts",
      workers: 2,
      mean: [1],
      lower: null,
      upper: null,
    },
  };
  // mddes 0.1.0 knew no name of a run, and did not write these down.
  const unwritten = ["isolation", "evaluator", "workers"];
  assertEquals(silentlyMissing(folder.path, "minimize", begun), ["population", ...unwritten]);
  const named = { ...begun, id: crypto.randomUUID() };
  assertEquals(silentlyMissing(folder.path, "minimize", named), ["population"]);
});
