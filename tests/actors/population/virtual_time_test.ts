/** A search on the virtual clock: the machine's clock, timers and chance have no part in it. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import type { FitnessTerm } from "../../../actors/population/fitness.ts";
import { runPopulation } from "../../../actors/population/population.ts";
import { median } from "../../../actors/population/pruner.ts";
import { RunStopped } from "../../../actors/population/run.ts";
import { SearchProgress } from "../../../actors/population/search_progress.ts";
import { Journal, readJournal } from "../../../actors/record/journal.ts";
import { Log } from "../../../actors/record/log.ts";
import { MemoryFiles } from "../../../actors/record/memory_files.ts";
import { tableNames, Tables } from "../../../actors/record/tables.ts";
import { sleep, VirtualClock } from "../../../actors/runtime/mod.ts";
import { cmaEs } from "../../../strategies/cma_es.ts";

const TERMS: readonly FitnessTerm[] = [{
  part: "measure",
  module: new URL("../parts/fateful.ts", import.meta.url),
  init: {},
  score: "value",
  weight: -1,
}];

interface Setting {
  readonly mode: "sync" | "async";
  /** When it is stopped, in virtual milliseconds. */
  readonly stopAtMs?: number;
}

/** Searches, and gives everything that was written. */
async function search(clock: VirtualClock, { mode, stopAtMs }: Setting) {
  const files = new MemoryFiles({ clock, syncMs: 3 });
  const progress = new SearchProgress({
    mean: [1, 1, 1],
    bounds: { lower: [null, null, null], upper: [null, null, null] },
    sigma: 0.5,
    populationSize: 8,
    generations: 12,
    strategy: cmaEs,
    mode,
    staleness: { policy: "mix" },
    finalists: 2,
    finalistRepeats: 2,
    seed: 5,
  });
  const stop = new AbortController();
  if (stopAtMs !== undefined) void sleep(clock, stopAtMs).then(() => stop.abort());
  const lost: string[] = [];
  const found = async () => {
    using log = new Log("log.jsonl", files, clock);
    using tables = new Tables("", progress.population, [], files);
    const contents = await readJournal("journal.jsonl", files);
    await using journal = await Journal.open("journal.jsonl", contents, files);
    return await runPopulation({
      progress,
      strategy: cmaEs,
      seed: 5,
      mode,
      terms: TERMS,
      pruner: median,
      devices: new Array<string>(5).fill("cpu"),
      placement: { kind: "memory" },
      maxAttempts: 5,
      leaseMs: 20_000,
      journal,
      tables,
      signal: stop.signal,
      clock,
      onEvent: () => {},
      onSystemEvent: (event) => log.add(event),
      onLost: (_actor, reason) => lost.push(reason),
    });
  };
  const outcome = await clock.runUntil(found()).catch((error: Error) => error);
  const texts = ["journal.jsonl", "log.jsonl", ...tableNames.map((name) => `/${name}`)]
    .map((name) => new TextDecoder().decode(files.read(name)));
  return { outcome, lost, texts, at: clock.now() };
}

/** Whatever does not follow from the seed throws until the end of the scope. */
function withoutMachine(): Disposable {
  const forbid = (what: string) => () => {
    throw new Error(`${what} was used on the virtual clock`);
  };
  const replaced: [object: object, name: string, value: unknown][] = [];
  const replace = (object: object, name: string, by: unknown = forbid(name)) => {
    replaced.push([object, name, Reflect.get(object, name)]);
    Reflect.set(object, name, by);
  };
  replace(globalThis, "setTimeout");
  replace(globalThis, "setInterval");
  replace(performance, "now");
  replace(Math, "random");
  replace(AbortSignal, "timeout");
  replace(crypto, "randomUUID");
  replace(crypto, "getRandomValues");
  const RealDate = Date;
  class DateOfTheProgram extends RealDate {
    constructor(value?: number) {
      if (value === undefined) throw forbid("new Date()")();
      super(value);
    }
    static override now = forbid("Date.now");
  }
  replace(globalThis, "Date", DateOfTheProgram);
  return {
    [Symbol.dispose]() {
      for (const [object, name, value] of replaced) Reflect.set(object, name, value);
    },
  };
}

Deno.test("what is forbidden on the virtual clock is noticed", () => {
  using _ = withoutMachine();
  const uses: (() => unknown)[] = [
    () => setTimeout(() => {}, 1),
    () => setInterval(() => {}, 1),
    () => Date.now(),
    () => new Date(),
    () => performance.now(),
    () => Math.random(),
  ];
  for (const use of uses) assertThrows(use, Error, "was used on the virtual clock");
  assertEquals(new Date(0).getTime(), 0);
});

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a search with restarts and leases needs nothing of the machine (${mode})`, async () => {
    using _ = withoutMachine();
    const first = await search(new VirtualClock(), { mode });
    assert(!(first.outcome instanceof Error), `${first.outcome}`);
    for (const reason of ["it failed: out of luck", "it was killed (hung)"]) {
      assert(first.lost.includes(reason), `none was lost because ${reason}`);
    }
    assert(first.texts[0]!.includes('"pruned"'), "none was pruned");
    assertEquals(await search(new VirtualClock(), { mode }), first);
  });
}

Deno.test("a search that is stopped while a trainer hangs ends in virtual time", async () => {
  using _ = withoutMachine();
  const { outcome, at } = await search(new VirtualClock(), { mode: "async", stopAtMs: 10_000 });
  assert(outcome instanceof RunStopped, `${outcome}`);
  assert(at > 10_000 && at <= 11_500, `it took until ${at} ms`);
});

Deno.test("the date of a run is that of its clock", async () => {
  const clock = new VirtualClock(Date.UTC(2020, 4, 4));
  const { texts: [journal, log] } = await search(clock, { mode: "sync" });
  assert(log!.startsWith('{"time":"2020-05-04T00:00:00.'), log!.slice(0, 40));
  const [, startedAt] = /"startedAt":(\d+)/.exec(journal!)!;
  assertEquals(new Date(Number(startedAt)).toISOString().slice(0, 17), "2020-05-04T00:00:");
});
