import { assertEquals, assertNotEquals } from "@std/assert";
import { minimize, openRun, resume, search, type SearchOptions } from "../../mod.ts";
import { replaySearch } from "../../actors/search.ts";
import { COMPARABLE, readFiles, single, stopAfter } from "./small_search.ts";

const common: SearchOptions = { ...single, seeds: "common" };

/** The seeds of each generation, and those of the finalists' repeats. */
async function seedsOf(directory: string) {
  const { candidates, finalists } = await openRun(directory);
  const byGeneration = Map.groupBy(candidates, ({ generation }) => generation);
  return {
    generations: [...byGeneration.values()].map((all) => new Set(all.map(({ seed }) => seed))),
    finalists: finalists.map(({ seed }) => seed),
  };
}

Deno.test("with common seeds a generation has one, and each repeat of a finalist its own", async () => {
  const root = Deno.makeTempDirSync();
  for (const workers of [1, 2]) {
    const directory = `${root}/${workers}`;
    await using run = search({ ...common, devices: [`cpu:${workers}`], directory });
    await run.result;
  }
  const { generations, finalists } = await seedsOf(`${root}/1`);
  assertEquals(generations.map(({ size }) => size), [1, 1, 1]);
  const searched = generations.flatMap((seeds) => [...seeds]);
  assertEquals(finalists.length, 2);
  assertEquals(new Set([...searched, ...finalists]).size, 3 + 2, "all of them are different");
  assertEquals(readFiles(`${root}/2`, COMPARABLE), readFiles(`${root}/1`, COMPARABLE));
});

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a search with common seeds is stopped, resumed and replayed: ${mode}`, async () => {
    const directory = `${Deno.makeTempDirSync()}/run`;
    const options: SearchOptions = { ...common, mode, devices: ["cpu:2"] };
    await stopAfter(6, { ...options, directory });
    await using again = resume(directory);
    await again.result;
    const { generations } = await seedsOf(directory);
    assertEquals(generations.filter(({ size }) => size !== 1), []);
    assertEquals(new Set(generations.flatMap((seeds) => [...seeds])).size, generations.length);
    const tables = await replaySearch(directory);
    assertEquals(tables.filter(({ differsAt }) => differsAt !== null), []);
  });
}

Deno.test("minimize hands the common seed to its objective; by default each candidate has its own", async () => {
  const root = Deno.makeTempDirSync();
  const evaluator = new URL("./objectives/drawn.ts", import.meta.url);
  const options = { evaluator, mean: [0, 0], generations: 2, finalistRepeats: 0 };
  const sizes = [];
  for (const seeds of ["common", "own", undefined] as const) {
    const directory = `${root}/${seeds}`;
    await using run = minimize({ ...options, seeds, workers: 2, directory });
    await run.result;
    const { candidates } = await openRun(directory);
    for (const { fitness, seed } of candidates) assertEquals(fitness, -seed);
    sizes.push((await seedsOf(directory)).generations.map(({ size }) => size));
  }
  assertEquals(sizes, [[1, 1], [6, 6], [6, 6]]);
  const [byWish, byDefault] = [`${root}/own`, `${root}/undefined`].map((directory) =>
    readFiles(directory, ["candidates.csv"])
  );
  assertEquals(byWish, byDefault);
  assertNotEquals(readFiles(`${root}/common`, ["candidates.csv"]), byDefault);
});
