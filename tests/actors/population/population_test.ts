import { assert, assertEquals } from "@std/assert";
import type { FitnessTerm } from "../../../actors/population/fitness.ts";
import { Journal, readJournal } from "../../../actors/record/journal.ts";
import { runPopulation } from "../../../actors/population/population.ts";
import type { RecordedEvent } from "../../../actors/population/recorder.ts";
import { SearchProgress } from "../../../actors/population/search_progress.ts";
import { cmaEs } from "../../../strategies/cma_es.ts";
import { Tables } from "../../../actors/record/tables.ts";

const module = new URL("../parts/unreliable.ts", import.meta.url);

/** Parts that die on a candidate with a probability. */
function unreliable(deaths: number): FitnessTerm[] {
  return ["train", "score"].map((part) => (
    { part, module, init: { deaths }, score: part, weight: 1 }
  ));
}

async function run(mode: "sync" | "async", terms: readonly FitnessTerm[], slots: number) {
  const folder = await Deno.makeTempDir();
  const events: RecordedEvent[] = [];
  let lost = 0;
  let duplicates = 0;
  {
    const progress = new SearchProgress({
      mean: [1, 1, 1],
      bounds: { lower: [null, null, null], upper: [null, null, null] },
      sigma: 0.5,
      populationSize: 6,
      generations: 12,
      strategy: cmaEs,
      mode,
      staleness: { policy: "mix" },
      finalists: 3,
      finalistRepeats: 2,
      seed: 9,
    });
    const journalPath = `${folder}/journal.jsonl`;
    using tables = new Tables(folder, progress.population);
    await using journal = await Journal.open(journalPath, await readJournal(journalPath));
    await runPopulation({
      progress,
      strategy: cmaEs,
      seed: 9,
      mode,
      terms,
      devices: new Array<string>(slots).fill("cpu"),
      placement: { kind: "memory" },
      maxAttempts: 50,
      leaseMs: 10_000,
      journal,
      tables,
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      onLost: () => lost++,
    });
    duplicates = progress.duplicates;
  }
  const files = ["candidates.csv", "generations.csv", "finalists.csv"]
    .map((name) => Deno.readTextFileSync(`${folder}/${name}`));
  const journal = (await readJournal(`${folder}/journal.jsonl`)).events.length;
  await Deno.remove(folder, { recursive: true });
  return { events, lost, files, duplicates, journal };
}

Deno.test("parts that die at random lose no candidate and change no byte (sync)", async () => {
  const calm = await run("sync", unreliable(0), 1);
  assertEquals(calm.lost, 0);
  for (const slots of [1, 2, 5]) {
    const wild = await run("sync", unreliable(0.2), slots);
    assert(wild.lost > 10, `${wild.lost} deaths`);
    assertEquals(wild.files, calm.files);
  }
});

Deno.test("parts that die at random lose no generation (async)", async () => {
  const { events, lost } = await run("async", unreliable(0.2), 4);
  assert(lost > 10, `${lost} deaths`);
  assertEquals(
    events.flatMap((event) => event.type === "GenerationDone" ? [event.generation] : []),
    Array.from({ length: 12 }, (_, generation) => generation),
  );
});

Deno.test("a part that answers twice, or for what it was not given, is heard once", async () => {
  const talkative = new URL("../parts/talkative.ts", import.meta.url);
  const { events, files, duplicates } = await run(
    "sync",
    [{ part: "measure", module: talkative, init: {}, score: "value", weight: -1 }],
    3,
  );
  const evaluated = events.flatMap((event) => event.type === "Evaluated" ? [event] : []);
  const keys = evaluated.map(({ generation, candidate, repeat }) =>
    `${generation}/${candidate}/${repeat}`
  );
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(keys.length, 12 * 6 + 3 * 2);
  assert(evaluated.every(({ fitness }) => fitness! <= 0), "a second answer was believed");
  assertEquals(duplicates, 2 * keys.length, "what was refused is counted");
  assertEquals(files[0]!.trim().split("\r\n").length, 1 + 12 * 6);
});

Deno.test("a part that answers nonsense fails its candidates, and spoils no file", async () => {
  const nonsensical = new URL("../parts/nonsensical.ts", import.meta.url);
  const { events, files, journal } = await run(
    "sync",
    [{ part: "measure", module: nonsensical, init: {}, score: "value", weight: -1 }],
    1,
  );
  const evaluated = events.flatMap((event) => event.type === "Evaluated" ? [event] : []);
  assertEquals(evaluated.length, 12 * 6 + 3 * 2);
  const reasons = new Set(evaluated.map(({ reason }) => reason?.replace(/(?<=of )[\d/]+/, "KEY")));
  assertEquals(
    reasons,
    new Set([
      'Cannot use the measure of KEY: expected scores.value to be a number, received "7"',
      "Cannot use the measure of KEY: scores is missing",
      "Cannot use the measure of KEY: scores.value is missing",
      "Cannot use the measure of KEY: expected timing to be an object, received null",
      "Cannot use the measure of KEY: expected timing.slot to be a text, received 7",
      "the other is NaN",
      "expected reason to be a text, received 7",
      undefined,
    ]),
  );
  for (const text of files) assert(!/NaN|Infinity|null|undefined|object/.test(text), text);
  assertEquals(journal, 2 * evaluated.length);
});
