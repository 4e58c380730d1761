import { assert, assertEquals } from "@std/assert";
import { minimize, resumeMinimize } from "../../../mod.ts";
import { readGenerations } from "../../../actors/record/read_generations.ts";
import type { Evaluated, Sampled } from "../../../actors/record/facts.ts";
import { type SearchPlan, SearchProgress } from "../../../actors/population/search_progress.ts";
import type { State } from "../../../evolution/mod.ts";
import { cmaEs } from "../../../strategies/cma_es.ts";
import { Random } from "../../../random.ts";
import { readFiles } from "../small_search.ts";

const evaluator = new URL("../objectives/huge.ts", import.meta.url);
const FILES = ["candidates.csv", "generations.csv", "finalists.csv", "best.json"];
const settings = {
  population: 6,
  generations: 4,
  sigma: 0.3,
  strategy: "cma-es",
  mode: "sync",
  staleness: "mix",
  maxAge: 1,
  finalists: 3,
  finalistRepeats: 2,
  seed: 4,
  maxAttempts: 3,
  leaseSeconds: 60,
} as const;

Deno.test("the largest and smallest numbers as values neither end a run nor change when it resumes", async () => {
  const folder = await Deno.makeTempDir();
  const [whole, cut] = [`${folder}/whole`, `${folder}/cut`];
  try {
    await using run = minimize({
      ...settings,
      evaluator,
      mean: [1, 2],
      workers: 2,
      directory: whole,
    });
    const { value } = await run.result;
    assert(Object.is(value, -1.7e308));
    const generations = readGenerations(whole);
    assertEquals(generations.length, 4);
    const medians = generations.map(({ medianFitness }) => medianFitness);
    assert(
      medians.every(Number.isFinite) && medians.some((median) => median! < -1e307),
      `${medians}`,
    );

    Deno.mkdirSync(cut);
    Deno.copyFileSync(`${whole}/config.json`, `${cut}/config.json`);
    const lines = Deno.readTextFileSync(`${whole}/journal.jsonl`).split("\n");
    Deno.writeTextFileSync(`${cut}/journal.jsonl`, `${lines.slice(0, 17).join("\n")}\n`);
    await using again = resumeMinimize(cut);
    await again.result;
    assertEquals(readFiles(cut, FILES), readFiles(whole, FILES));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("means and medians of a generation are those of its numbers, however large", () => {
  const plan: SearchPlan = {
    mean: [1, 2],
    bounds: { lower: [null, null], upper: [null, null] },
    sigma: 0.3,
    populationSize: 6,
    generations: 1,
    strategy: cmaEs,
    mode: "sync",
    staleness: { policy: "mix" },
    finalists: 1,
    finalistRepeats: 2,
    seed: 4,
  };
  const progress = new SearchProgress(plan);
  const random = new Random(1);
  const draws = Array.from(
    { length: 6 },
    (_, serial) => cmaEs.ask(progress.distribution.state as State, random, serial),
  );
  const evaluated = (sampled: Sampled, fitness: number): Evaluated => ({
    type: "Evaluated",
    generation: sampled.generation,
    candidate: sampled.candidate,
    repeat: sampled.repeat,
    seed: sampled.seed,
    distribution: 0,
    age: 0,
    status: "ok",
    fitness,
    scores: { mismatch: fitness, divergence: fitness },
    timings: {},
    reason: null,
  });
  const outcomes = draws.map((draw, candidate) => {
    const sampled: Sampled = {
      type: "Sampled",
      generation: 0,
      candidate,
      repeat: 0,
      seed: 1,
      draw,
    };
    progress.sampled(sampled);
    return progress.evaluated(evaluated(sampled, 1.7e308));
  });
  const { generation, finalists } = outcomes.at(-1)!;
  assertEquals(generation!.medianFitness, 1.7e308);
  assertEquals(generation!.means, { mismatch: 1.7e308, divergence: 1.7e308 });
  const ends = finalists!.map((finalist) => {
    progress.sampled(finalist);
    return progress.evaluated(evaluated(finalist, 1.7e308));
  });
  assertEquals(ends.at(-1)!.winner!.finalFitness, 1.7e308);
});
