import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { replaySearch } from "../../actors/search.ts";
import { type Evaluated, resume, search, type SearchOptions } from "../../mod.ts";
import { COMPARABLE, readFiles, small, stopAfter } from "./small_search.ts";

/** 100 images, ten of each class. */
const options: SearchOptions = {
  ...small,
  trainSize: 100,
  discriminatorSize: 50,
  generations: 2,
  strategy: "class-wise",
};

/** The evaluations of a run, in the order in which they came. */
function evaluatedIn(directory: string): Evaluated[] {
  return Deno.readTextFileSync(`${directory}/journal.jsonl`).trim().split("\n")
    .map((line) => JSON.parse(line).event)
    .filter(({ type }) => type === "Evaluated");
}

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a class-wise search stops, resumes and replays: ${mode}`, async () => {
    const folder = await Deno.makeTempDir();
    const directory = `${folder}/run`;
    await stopAfter(6, { ...options, mode, directory });
    await using again = resume(directory);
    await again.result;
    const replayed = await replaySearch(directory);
    assertEquals(replayed.map(({ differsAt }) => differsAt), [null, null, null, null]);
    if (mode === "sync") {
      const whole = `${folder}/whole`;
      await using uninterrupted = search({ ...options, directory: whole, devices: ["cpu"] });
      await uninterrupted.result;
      assertEquals(readFiles(directory, COMPARABLE), readFiles(whole, COMPARABLE));
    }
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("the mean over classes is the fitness, and each class has a share of its own", async () => {
  const folder = await Deno.makeTempDir();
  const directory = `${folder}/run`;
  await using run = search({ ...options, generations: 1, directory });
  await run.result;
  for (const { fitness, shares } of evaluatedIn(directory)) {
    assertEquals(shares!.length, 10);
    assertEquals(new Set(shares).size, 10);
    assertAlmostEquals(shares!.reduce((sum, share) => sum + share, 0) / 10, fitness!, 1e-9);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what a candidate scores does not depend on whether classes are told apart", async () => {
  const folder = await Deno.makeTempDir();
  const fitness: number[][] = [];
  for (const strategy of ["class-wise", "cma-es"]) {
    const directory = `${folder}/${strategy}`;
    // The first candidate of both is drawn from the same numbers.
    await using run = search({
      ...options,
      strategy,
      generations: 1,
      finalistRepeats: 0,
      sigma: 1e-6,
      devices: ["cpu"],
      directory,
    });
    await run.result;
    const evaluated = evaluatedIn(directory);
    assert(evaluated.every(({ shares }) => (shares !== undefined) === (strategy === "class-wise")));
    fitness.push(evaluated.map(({ fitness }) => fitness!));
  }
  fitness[0]!.forEach((value, i) => assertAlmostEquals(value, fitness[1]![i]!, 1e-4));
  await Deno.remove(folder, { recursive: true });
});
