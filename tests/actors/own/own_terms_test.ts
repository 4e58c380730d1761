import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { replaySearch } from "../../../actors/search.ts";
import { ConfigurationError, resume, search } from "../../../mod.ts";
import { COMPARABLE, readFiles, small, undivergent } from "../small_search.ts";

const visibility = new URL("../../../examples/visibility.ts", import.meta.url);

const rowsOf = (directory: string, file: string) =>
  parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("a term of one's own is a column, and weighs in the fitness", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = search({ ...small, terms: [`${visibility}=-0.5`], directory });
  const { best } = await run.result;
  for (const file of ["candidates.csv", "finalists.csv"]) {
    for (const row of rowsOf(directory, file)) {
      const [mismatch, divergence, seen] = [row.mismatch, row.divergence, row.visibility]
        .map(Number);
      assert(seen! > 0 && seen! <= 1);
      assertAlmostEquals(Number(row.fitness), mismatch! + divergence! - 0.5 * seen!, 1e-12);
    }
  }
  const [first] = rowsOf(directory, "generations.csv");
  const mean = rowsOf(directory, "candidates.csv").slice(0, 4)
    .reduce((sum, row) => sum + Number(row.visibility), 0) / 4;
  assertAlmostEquals(Number(first!.mean_visibility), mean, 1e-12);
  assert(rowsOf(directory, "timings.csv").every((row) => Number(row.visibility_ms) >= 0));

  const values = best.disturbance.classes.flat().flatMap(({ value }) => value);
  const winner = rowsOf(directory, "candidates.csv").find((row) =>
    Number(row.generation) === best.generation && Number(row.candidate) === best.candidate
  );
  assertAlmostEquals(
    Number(winner!.visibility),
    values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length,
    1e-12,
  );
  assertEquals((await replaySearch(directory)).filter(({ differsAt }) => differsAt !== null), []);
});

Deno.test("a search with an own term alone, in processes, goes on to the same files", async () => {
  await using folder = await scratch();
  const options = {
    ...undivergent,
    mismatchWeight: 0,
    terms: [`${visibility}=1`],
    isolation: "process",
    finalistRepeats: 0,
    generations: 2,
  } as const;
  const [whole, extended] = [`${folder.path}/whole`, `${folder.path}/extended`];
  {
    await using run = search({ ...options, directory: whole });
    await run.result;
  }
  {
    await using run = search({ ...options, generations: 1, directory: extended });
    await run.result;
  }
  await using run = resume(extended, { generations: 2 });
  await run.result;
  assertEquals(readFiles(extended, COMPARABLE), readFiles(whole, COMPARABLE));
});

Deno.test("a term that cannot be used is one line, and no folder is made", async () => {
  await using folder = await scratch();
  const file = async (name: string, text: string) => {
    await Deno.writeTextFile(`${folder.path}/${name}`, text);
    return `${folder.path}/${name}`;
  };
  const good = await file("good.ts", "export const term = () => 1;");
  const taken = await file("mismatch.ts", "export const term = () => 1;");
  const known = await file("constructor.ts", "export const term = () => 1;");
  const wrong = await file("wrong.ts", "export const score = () => 1;");
  const broken = await file("broken.ts", "throw new Error('no licence\\nfor this');");
  const dashed = await file("two-words.ts", "export const term = () => 1;");
  for (
    const [terms, message] of [
      [[good], "expected MODULE=WEIGHT"],
      [[`${good}=`], "expected MODULE=WEIGHT"],
      [[`${good}=0`], "expected MODULE=WEIGHT"],
      [[`${good}=much`], "expected MODULE=WEIGHT"],
      [[`${folder.path}/none.ts=1`], "there is no such file"],
      [[`${taken}=1`], "its file's name is the name of a column"],
      [[`${known}=1`], "its file's name is the name of a column"],
      [[`${dashed}=1`], "its file's name is the name of a column"],
      [[`${wrong}=1`], "wrong.ts: expected a module that exports a function term(disturbance)"],
      [[`${broken}=1`], "broken.ts: no licence"],
      [[`${good}=1`, `${good}=2`], "Cannot use two terms with the name good"],
    ] as const
  ) {
    await using run = search({ ...small, terms: [...terms], directory: `${folder.path}/run` });
    const error = await assertRejects(() => run.result, ConfigurationError, message);
    assert(!error.message.includes("\n"));
  }
  assertEquals([...Deno.readDirSync(folder.path)].some(({ name }) => name === "run"), false);
});
