import { assertEquals } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { search } from "../../actors/search.ts";
import { bestSoFar } from "../../experiments/study/search_history.ts";
import { single } from "../actors/small_search.ts";

Deno.test("the best so far is that of the CSV files, and the last one is a finalist", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const directory = `${folder}/run`;
    await using run = search({ ...single, directory, finalists: 1 });
    const { best } = await run.result;
    const history = await bestSoFar(directory, { classes: 10, shape: [1, 28, 28] });
    const table = parse(Deno.readTextFileSync(`${directory}/generations.csv`), {
      skipFirstRow: true,
    });
    assertEquals(
      history.map(({ generation, fitness }) => [generation, fitness]),
      table.map((row) => [Number(row["generation"]), Number(row["best_so_far"])]),
    );
    // With one finalist, the winner is the best candidate of the search.
    assertEquals(history.at(-1)!.disturbance, best.disturbance);
    assertEquals(history.at(-1)!.fitness, best.searchFitness);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
