import { assert, assertEquals } from "@std/assert";
import { minimize } from "../../mod.ts";
import { readGenerations } from "../../actors/read_generations.ts";
import { recordPopulation } from "../../actors/recorded_population.ts";
import { RunDirectory } from "../../actors/run_directory.ts";
import type { Evaluated, Sampled } from "../../actors/protocol.ts";
import { type SearchPlan, SearchProgress } from "../../actors/search_progress.ts";
import { ask } from "../../evolution/mod.ts";
import { Random } from "../../random.ts";
import { readFiles } from "./small_search.ts";

const evaluator = new URL("./objectives/huge.ts", import.meta.url);
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
    {
      using directory = RunDirectory.open(cut);
      await recordPopulation({
        plan: {
          ...settings,
          mean: [1, 2],
          bounds: { lower: null, upper: null },
          staleness: { policy: "mix" },
        },
        configuration: { ...settings, mean: [1, 2], lower: null, upper: null },
        parts: [{
          part: "measure",
          module: new URL("../../actors/measurer.ts", import.meta.url),
          init: { evaluator: evaluator.href },
        }],
        weights: { mismatch: 0, divergence: 0 },
        devices: ["cpu"],
        placement: { kind: "worker" },
        maxAttempts: 3,
        leaseMs: 60_000,
        folder: directory,
        resumed: true,
        source: "",
        describeBest: ({ genome, searchFitness, finalFitness }) => ({
          x: genome,
          value: 0 - (finalFitness ?? searchFitness),
        }),
        emit: () => {},
        signal: new AbortController().signal,
      });
    }
    assertEquals(readFiles(cut, FILES), readFiles(whole, FILES));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("means and medians of a generation are those of its numbers, however large", () => {
  const plan: SearchPlan = {
    ...settings,
    mean: [1, 2],
    bounds: { lower: null, upper: null },
    generations: 1,
    finalists: 1,
    staleness: { policy: "mix" },
  };
  const progress = new SearchProgress(plan);
  const [, draws] = ask(progress.state, new Random(1));
  const scores = { trainLoss: 1e308, perturbedAccuracy: 0, cleanAccuracy: 0 };
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
    training: { ...scores, mismatch: fitness },
    scoring: { discriminatorError: 0, divergence: fitness },
    trainTiming: null,
    scoreTiming: null,
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
  assertEquals([generation!.meanMismatch, generation!.meanDivergence], [1.7e308, 1.7e308]);
  const ends = finalists!.map((finalist) => {
    progress.sampled(finalist);
    return progress.evaluated(evaluated(finalist, 1.7e308));
  });
  assertEquals(ends.at(-1)!.winner!.finalFitness, 1.7e308);
});
