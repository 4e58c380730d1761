import { assert, assertEquals, assertRejects } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { replaySearch } from "../../../actors/search.ts";
import {
  ConfigurationError,
  minimize,
  type MinimizeOptions,
  resumeMinimize,
  RunStopped,
  search,
} from "../../../mod.ts";
import { COMPARABLE, readFiles, undivergent } from "../small_search.ts";

const rugged: Omit<MinimizeOptions, "directory"> = {
  evaluator: new URL("../objectives/rastrigin.ts", import.meta.url),
  mean: [3, 3],
  lower: -5,
  upper: 5,
  sigma: 1,
  population: 4,
  generations: 2000,
  target: 1e-6,
  finalists: 1,
  finalistRepeats: 0,
  workers: 2,
  seed: 1,
};

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const rowsOf = (directory: string, file: string) =>
  parse(Deno.readTextFileSync(`${directory}/${file}`), { skipFirstRow: true });

/** The generations after which the step size grew tenfold: a run began. */
const begun = (directory: string) => {
  const sigmas = rowsOf(directory, "generations.csv").map(({ sigma }) => Number(sigma));
  return sigmas.flatMap((sigma, generation) =>
    sigma > 10 * (sigmas[generation - 1] ?? Infinity) ? [generation] : []
  );
};

Deno.test("restarts find what a search alone does not, before and after a stop", async () => {
  await using folder = await scratch();
  const [alone, whole, stopped] = ["alone", "whole", "stopped"].map((name) =>
    `${folder.path}/${name}`
  ) as [string, string, string];
  {
    await using run = minimize({ ...rugged, stop: ["converged"], directory: alone });
    assert((await run.result).value > 0.9);
  }
  const options = { ...rugged, restarts: "ipop", stop: ["converged"] } as const;
  {
    await using run = minimize({ ...options, directory: whole });
    assert((await run.result).value <= 1e-6);
  }
  const restarts = begun(whole);
  assert(restarts.length > 0);
  for (const row of rowsOf(whole, "candidates.csv")) {
    assertEquals([row.distribution, row.age], [row.generation, "0"]);
  }
  {
    await using run = minimize({ ...options, directory: stopped });
    let evaluated = 0;
    // In the second of the generations that a doubled population takes.
    const end = 4 * (restarts[0]! + 2) + 2;
    for await (const event of run) {
      if (event.type === "evaluated" && ++evaluated === end) run.stop();
    }
    await assertRejects(() => run.result, RunStopped);
  }
  assert(rowsOf(stopped, "generations.csv").length < rowsOf(whole, "generations.csv").length);
  await using again = resumeMinimize(stopped);
  await again.result;
  assertEquals(readFiles(stopped, COMPARABLE), readFiles(whole, COMPARABLE));
});

Deno.test("a search for pixels starts again, and replays", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  const flat = `${folder.path}/flat.ts`;
  Deno.writeTextFileSync(flat, "export const term = () => 1;");
  await using run = search({
    ...undivergent,
    mismatchWeight: 0,
    terms: [`${flat}=1`],
    restarts: "bipop",
    generations: 60,
    finalistRepeats: 0,
    directory,
  });
  await run.result;
  const sigmas = rowsOf(directory, "generations.csv").map(({ sigma }) => sigma);
  assert(sigmas.lastIndexOf("0.3") > 0, "it has the first step size again");
  assertEquals((await replaySearch(directory)).filter(({ differsAt }) => differsAt !== null), []);
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${directory}/config.json`));
  assertEquals(configuration.restarts, "bipop");
});

Deno.test("restarts are refused where they mean nothing, and nothing is written", async () => {
  await using folder = await scratch();
  const cases: [Partial<MinimizeOptions>, string][] = [
    [{ mode: "async" }, "mode async"],
    [{ strategy: "random" }, "strategy random"],
  ];
  for (const [other, received] of cases) {
    const directory = `${folder.path}/run`;
    await using run = minimize({ ...rugged, restarts: "ipop", ...other, directory });
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertEquals(
      error.message,
      "Option restarts means something only with mode sync and strategy cma-es, received " +
        received,
    );
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});
