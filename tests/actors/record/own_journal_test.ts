/** A run is continued only with the journal that it had, and with all of it. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigurationError, resume, search } from "../../../mod.ts";
import { readJournal } from "../../../actors/record/journal.ts";
import { replaySearch } from "../../../actors/search.ts";
import { single } from "../small_search.ts";

const VERSION_1 = new URL("../../golden/run_version_1", import.meta.url).pathname;

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function copyRun(from: string, to: string): string {
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) {
    Deno.copyFileSync(`${from}/${name}`, `${to}/${name}`);
  }
  return to;
}

async function refused(directory: string): Promise<string> {
  const path = `${directory}/candidates.csv`;
  const before = Deno.readTextFileSync(path);
  await using run = resume(directory);
  const { message } = await assertRejects(() => run.result, ConfigurationError);
  assert(!message.includes("\n"), message);
  assertEquals(Deno.readTextFileSync(path), before, "what the run had found is still there");
  return message;
}

Deno.test("a journal that was emptied, lost or cut beside results is refused", async () => {
  await using folder = await scratch();
  const whole = `${folder.path}/whole`;
  await search({ ...single, generations: 1, directory: whole }).result;
  const lines = Deno.readTextFileSync(`${whole}/journal.jsonl`).split(/(?<=\n)/);
  const before = lines.findIndex((line) => line.includes(`"Evaluated"`));
  const changes: [string, (path: string) => void][] = [
    ["received one with 0", (path) => Deno.removeSync(path)],
    ["received one with 0", (path) => Deno.truncateSync(path)],
    [
      "received one with 0",
      (path) => Deno.writeTextFileSync(path, lines.slice(0, before).join("")),
    ],
    [
      "received one with 1",
      (path) => Deno.writeTextFileSync(path, lines.slice(0, before + 1).join("")),
    ],
  ];
  for (const [index, [message, change]] of changes.entries()) {
    const directory = copyRun(whole, `${folder.path}/${index}`);
    change(`${directory}/journal.jsonl`);
    assertStringIncludes(await refused(directory), message);
  }
  // Each file with results is believed alone.
  for (const file of ["candidates.csv", "summary.json", "best.json"]) {
    const directory = copyRun(whole, `${folder.path}/${file}`);
    Deno.truncateSync(`${directory}/journal.jsonl`);
    for (const other of ["summary.json", "best.json"]) {
      if (other !== file) Deno.removeSync(`${directory}/${other}`);
    }
    if (file !== "candidates.csv") {
      Deno.writeTextFileSync(`${directory}/candidates.csv`, "generation,candidate\r\n");
    }
    assertStringIncludes(await refused(directory), `evaluations that ${file} has`);
  }
});

Deno.test("the journal of another run is refused, even of one with the same options", async () => {
  await using folder = await scratch();
  const [one, other] = [`${folder.path}/one`, `${folder.path}/other`];
  for (const directory of [one, other]) {
    await search({ ...single, generations: 1, finalistRepeats: 0, directory }).result;
  }
  Deno.copyFileSync(`${other}/journal.jsonl`, `${one}/journal.jsonl`);
  assertStringIncludes(await refused(one), "expected the journal of run ");
  // One without a name, of version 0.1.0.
  Deno.copyFileSync(`${VERSION_1}/journal.jsonl`, `${one}/journal.jsonl`);
  assertStringIncludes(await refused(one), "received that of run without a name");
});

Deno.test("a run of version 0.1.0 replays to the bytes that were recorded", async () => {
  const tables = await replaySearch(VERSION_1);
  assertEquals(tables.filter(({ differsAt }) => differsAt !== null), []);
});

Deno.test("a run of version 0.1.0 goes on with its journal", async () => {
  await using folder = await scratch();
  const directory = copyRun(VERSION_1, `${folder.path}/run`);
  const path = `${directory}/journal.jsonl`;
  const lines = Deno.readTextFileSync(path).split(/(?<=\n)/);
  // It was killed after 6 evaluations; the row of the seventh was written, and its line was not.
  const seventh = lines.findIndex((_, index) =>
    lines.slice(0, index + 1).filter((line) => line.includes(`"Evaluated"`)).length === 7
  );
  Deno.writeTextFileSync(path, lines.slice(0, seventh).join(""));
  for (const file of ["best.json", "summary.json"]) Deno.removeSync(`${directory}/${file}`);
  await using run = resume(directory);
  await run.result;
  const { events } = await readJournal(path);
  assertEquals(events.filter(({ type }) => type === "Evaluated").length, 14);
  const candidates = [directory, VERSION_1].map((run) =>
    Deno.readTextFileSync(`${run}/candidates.csv`).split("\n").slice(0, 1 + 6)
  );
  assertEquals(candidates[0], candidates[1]);
  await using again = resume(directory);
  await again.result;
});
