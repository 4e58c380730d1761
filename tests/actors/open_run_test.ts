import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigurationError, minimize, openRun, resumeMinimize, search } from "../../mod.ts";
import { bytesIn } from "./image_folder.ts";
import { small } from "./small_search.ts";

const evaluator = new URL("./objectives/slow_sphere.ts", import.meta.url);
const descent = { evaluator, mean: [1, 1], population: 4, workers: 2, finalists: 2 };

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a search is read back as it ended, and what it was configured with begins it again", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, directory });
  const { best } = await run.result;
  const before = bytesIn(directory);
  const read = await openRun(directory);
  assertEquals(bytesIn(directory), before);
  assert(read.kind === "search");
  assertEquals(read.best, best);
  assertEquals([read.isFinished, read.tornBytes, read.summary?.status], [true, 0, "finished"]);
  assertEquals(
    read.candidates.map(({ generation, candidate }) => 4 * generation + candidate),
    Array.from({ length: 12 }, (_, serial) => serial),
  );
  const winner = read.candidates[4 * best.generation + best.candidate]!;
  assertEquals([winner.genome, winner.fitness], [best.genome, best.searchFitness]);
  assert(read.candidates.every(({ timings }) => timings["train"]!.engine === "onnx/cpu"));
  assertEquals(read.finalists.map(({ repeat }) => repeat), [1, 1]);
  assertEquals(read.generations.map(({ generation }) => generation), [0, 1, 2]);

  const again = `${folder.path}/again`;
  await using other = search({ ...read.configuration, directory: again });
  assertEquals((await other.result).best, best);
  assertEquals((await openRun(again)).configuration, read.configuration);
});

Deno.test("a run is read while it runs, and is not finished while it goes on", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({ ...descent, generations: 4, directory });
  for await (const event of run) {
    if (event.type !== "generation") continue;
    const { kind, generations, candidates, isFinished, best, summary } = await openRun(directory);
    assertEquals([kind, best, summary, isFinished], ["minimize", null, null, false]);
    assert(generations.length > event.generation);
    assert(candidates.length >= 4 * (event.generation + 1));
  }
  const { value } = await run.result;
  const done = await openRun(directory);
  assert(done.kind === "minimize" && done.isFinished);
  assertEquals([done.best?.value, done.configuration.workers], [value, 2]);

  await using more = resumeMinimize(directory, { generations: 6 });
  for await (const event of more) {
    if (event.type !== "generation" || event.generation < 4) continue;
    const begun = await openRun(directory);
    assert(begun.kind === "minimize");
    const { isFinished, best, summary } = begun;
    assertEquals([isFinished, best?.value, summary?.status], [false, value, "finished"]);
    break;
  }
  await more.result;
  assertEquals((await openRun(directory)).isFinished, true);
});

Deno.test("a run of mddes 0.1.0 is read", async () => {
  const run = await openRun(new URL("../golden/run_version_1", import.meta.url).pathname);
  assert(run.kind === "search" && run.isFinished && run.best);
  assertEquals([run.candidates.length, run.finalists.length, run.generations.length], [12, 2, 3]);
  assertEquals([run.summary?.ended, run.configuration.optimizer], [null, "adam"]);
});

Deno.test("what cannot be read is one line that names the file", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({ ...descent, generations: 2, directory });
  await run.result;
  const files = [
    ["config.json", "{"],
    ["config.json", '{"format": 2, "kind": "search"}'],
    ["config.json", '{"format":1,"kind":"search","deno":"2","source":"","configuration":3}'],
    ["journal.jsonl", "no journal\n"],
    ["generations.csv", "generation\r\nmany\r\n"],
    ["best.json", "{}"],
    ["best.json", "["],
    ["summary.json", '{"status":"gone"}'],
    ["summary.json", "{"],
  ] as const;
  for (const [file, damaged] of files) {
    const path = `${directory}/${file}`;
    const whole = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, damaged);
    const error = await assertRejects(() => openRun(directory), ConfigurationError, "", damaged);
    assertStringIncludes(error.message, file);
    assert(!error.message.includes("\n"), error.message);
    Deno.writeTextFileSync(path, whole);
  }
  Deno.renameSync(`${directory}/journal.jsonl`, `${directory}/other.jsonl`);
  Deno.mkdirSync(`${directory}/journal.jsonl`);
  await assertRejects(() => openRun(directory), ConfigurationError, "journal.jsonl");
  const error = await assertRejects(() => openRun(folder.path), ConfigurationError);
  assertStringIncludes(error.message, "expected the folder of a run");
});
