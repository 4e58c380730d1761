/**
 * How fast time passes in a simulated search, next to SimPy with the same queue:
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run=/usr/bin/python3 \
 *       bench/simulation_speed.ts
 *
 * 64 trainers, generations of 100 candidates in 10 dimensions, 30 to 90 s for each. The search is
 * whole: sampler, updater, CMA-ES, recorder, supervisors, journal and tables, with memory placement;
 * only the trainers wait instead of training. The queue alone is the same work for actors that neither
 * draw nor learn nor write, and for SimPy's processes. All take turns, medians of the rounds count.
 * Time is that of the processor, of all threads together: others on the machine change it less.
 *
 *     deno run --v8-flags=--expose-gc --allow-read --allow-write --allow-env \
 *       bench/simulation_speed.ts memory
 *
 * shows instead what searches with 10^4 and with 10^6 candidates need, and one with 4,096 trainers:
 * the resident memory at most, and what is reachable at the end. Their files are not kept.
 *
 * @module
 */
import process from "node:process";
import { runPopulation } from "../actors/population/population.ts";
import { SearchProgress } from "../actors/population/search_progress.ts";
import { Journal, readJournal } from "../actors/record/journal.ts";
import { MemoryFiles } from "../actors/record/memory_files.ts";
import { type AppendFile, diskFiles, type RunFiles } from "../actors/record/run_files.ts";
import { Tables } from "../actors/record/tables.ts";
import {
  type ActorRef,
  actorRef,
  createActorSystem,
  sleep,
  type Start,
  VirtualClock,
} from "../actors/runtime/mod.ts";
import { cmaEs } from "../strategies/cma_es.ts";

interface Setting {
  readonly mode: "sync" | "async";
  readonly trainers: number;
  readonly population: number;
  readonly generations: number;
}

/** What one round took and did. */
interface Round {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly simulatedSeconds: number;
  readonly candidates: number;
  readonly events: number;
}

/** Of a search: Sampled twice, Candidate, PartDone, Evaluated and SlotFree, and a timer. */
const SEARCH_EVENTS = 7;
/** Of the queue alone: Job and Done, and a timer. */
const QUEUE_EVENTS = 3;

async function timed(
  work: () => Promise<{ simulatedMs: number; candidates: number }>,
  eventsOfOne: number,
): Promise<Round> {
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  const { simulatedMs, candidates } = await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - startedAt) / 1e3,
    simulatedSeconds: simulatedMs / 1e3,
    candidates,
    events: eventsOfOne * candidates,
  };
}

/** On the disk, where a sync takes as long as it takes, and the clock stands still. */
function syncedFiles(clock: VirtualClock): RunFiles {
  return changedSync((file) => clock.outside(file.sync()));
}

/** On the disk, and nobody waits until it is there: a sync takes a virtual millisecond. */
function unsyncedFiles(clock: VirtualClock): RunFiles {
  return changedSync(() => sleep(clock, 1));
}

function changedSync(sync: (file: AppendFile) => Promise<void>): RunFiles {
  return {
    read: diskFiles.read,
    open(path, keep) {
      const file = diskFiles.open(path, keep);
      return {
        write: (bytes) => file.write(bytes),
        sync: () => sync(file),
        isIntact: () => file.isIntact(),
        [Symbol.dispose]: () => file[Symbol.dispose](),
      };
    },
  };
}

/** Nowhere, so that what the search itself needs can be seen. */
function noFiles(clock: VirtualClock): RunFiles {
  return {
    read: () => new Uint8Array(),
    open: () => ({
      write() {},
      sync: () => sleep(clock, 1),
      isIntact: () => true,
      [Symbol.dispose]() {},
    }),
  };
}

async function search(
  { mode, trainers, population, generations }: Setting,
  filesOn: (clock: VirtualClock) => RunFiles,
  onGeneration = () => {},
) {
  const clock = new VirtualClock();
  const files = filesOn(clock);
  const folder = await Deno.makeTempDir();
  const progress = new SearchProgress({
    mean: new Array<number>(10).fill(0.5),
    bounds: { lower: new Array<number>(10).fill(0), upper: new Array<number>(10).fill(1) },
    sigma: 0.3,
    populationSize: population,
    generations,
    strategy: cmaEs,
    mode,
    staleness: { policy: "mix" },
    finalists: 1,
    finalistRepeats: 0,
    seed: 1,
  });
  let candidates = 0;
  const work = async () => {
    using tables = new Tables(folder, population, [], files);
    const path = `${folder}/journal.jsonl`;
    await using journal = await Journal.open(path, await readJournal(path, files), files);
    await runPopulation({
      progress,
      seed: 1,
      mode,
      strategy: cmaEs,
      terms: [{
        part: "measure",
        module: new URL("./simulation_trainer.ts", import.meta.url),
        init: {},
        score: "value",
        weight: -1,
      }],
      devices: new Array<string>(trainers).fill("cpu"),
      placement: { kind: "memory" },
      maxAttempts: 1,
      leaseMs: 600_000,
      journal,
      tables,
      signal: new AbortController().signal,
      clock,
      onEvent: ({ type }) => {
        if (type === "Evaluated") candidates++;
        else onGeneration();
      },
      onLost: () => {}, // trainers that are stopped at the end
    });
  };
  await clock.runUntil(work());
  await Deno.remove(folder, { recursive: true });
  return { simulatedMs: clock.now(), candidates };
}

type Job = { readonly type: "Job"; readonly ms: number };
type Done = { readonly type: "Done"; readonly trainer: number };
type Begin = { readonly type: "Begin" };

const startWorker: Start<{ trainer: number; dispatcher: ActorRef<Done> }, Job> = (
  { trainer, dispatcher },
) => ({
  async receive({ ms }, context) {
    await sleep(context.clock, ms);
    await context.send(dispatcher, { type: "Done", trainer });
  },
});

/** The queue alone: generations of jobs, handed out by one actor. */
async function queue({ trainers, population, generations }: Setting) {
  const clock = new VirtualClock();
  const finished = Promise.withResolvers<void>();
  let candidates = 0;
  const startDispatcher: Start<undefined, Done | Begin> = () => {
    const idle = Array.from({ length: trainers }, (_, trainer) => trainer);
    let waiting = population;
    let open = population;
    let left = generations;
    let draw = 1;
    return {
      async receive(message, context) {
        if (message.type === "Done") {
          candidates++;
          idle.push(message.trainer);
          if (--open === 0) {
            if (--left === 0) return finished.resolve();
            [waiting, open] = [population, population];
          }
        }
        while (waiting > 0 && idle.length > 0) {
          waiting--;
          draw = Math.imul(draw, 0x5bd1e995) + 12345 >>> 0;
          const ms = 30_000 + 60_000 * draw / 2 ** 32;
          await context.send(actorRef<Job>(`trainers/${idle.pop()}`), { type: "Job", ms });
        }
      },
    };
  };
  const work = async () => {
    await using system = createActorSystem({ clock });
    const dispatcher = actorRef<Done | Begin>("queue/dispatcher");
    await system.supervise({
      name: "queue",
      children: [{ id: "dispatcher", start: startDispatcher, mailboxCapacity: trainers + 1 }],
    });
    await system.supervise({
      name: "trainers",
      order: "parallel",
      children: Array.from({ length: trainers }, (_, trainer) => ({
        id: `${trainer}`,
        start: startWorker,
        init: { trainer, dispatcher },
      })),
    });
    await system.send(dispatcher, { type: "Begin" });
    await finished.promise;
  };
  await clock.runUntil(work());
  return { simulatedMs: clock.now(), candidates };
}

/** SimPy's round and its versions; or why it cannot run here. */
function simPy({ trainers, population, generations }: Setting): [Round, string] | string {
  const script = new URL("./peers/simpy_search.py", import.meta.url).pathname;
  let output: Deno.CommandOutput;
  const startedAt = performance.now();
  try {
    output = new Deno.Command("/usr/bin/python3", {
      args: [script, `${trainers}`, `${population}`, `${generations}`],
    }).outputSync();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return "Python is not installed: no /usr/bin/python3";
    }
    throw error;
  }
  const { success, stdout, stderr } = output;
  if (!success) return new TextDecoder().decode(stderr).trim();
  const [cpu, simulated, events, simpy, python] = new TextDecoder().decode(stdout).split(/\s/);
  const round: Round = {
    cpuSeconds: Number(cpu),
    wallSeconds: (performance.now() - startedAt) / 1e3,
    simulatedSeconds: Number(simulated),
    candidates: population * generations,
    events: Number(events),
  };
  return [round, `SimPy ${simpy}, Python ${python}`];
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** A number with a comma every three digits. */
const counted = (value: number) => Math.round(value).toLocaleString("en");

function show(name: string, rounds: readonly Round[]): void {
  const per = (what: (round: Round) => number) => counted(median(rounds.map(what)));
  const best = counted(Math.max(...rounds.map((round) => round.candidates / round.cpuSeconds)));
  const cells = [
    per((round) => round.candidates / round.cpuSeconds),
    best,
    per((round) => round.candidates / round.wallSeconds),
    per((round) => round.events / round.cpuSeconds),
    per((round) => round.simulatedSeconds / round.cpuSeconds),
  ];
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}

const ROUNDS = 7;
/** Rounds that do not count: the code becomes fast only after 10^5 candidates. */
const WARM_UP = 3;
const SYNC: Setting = { mode: "sync", trainers: 64, population: 100, generations: 300 };

async function compare(): Promise<void> {
  const short = { ...SYNC, generations: 10 };
  const sides: [name: string, round: () => Promise<Round>][] = [
    [
      "search, sync, files in memory",
      () =>
        timed(() => search(SYNC, (clock) => new MemoryFiles({ clock, syncMs: 1 })), SEARCH_EVENTS),
    ],
    [
      "search, async, files in memory",
      () =>
        timed(
          () =>
            search({ ...SYNC, mode: "async" }, (clock) => new MemoryFiles({ clock, syncMs: 1 })),
          SEARCH_EVENTS,
        ),
    ],
    [
      "search, sync, files on the disk",
      () => timed(() => search(SYNC, unsyncedFiles), SEARCH_EVENTS),
    ],
    [
      "search, sync, files on the disk, each batch synced",
      () => timed(() => search(short, syncedFiles), SEARCH_EVENTS),
    ],
    ["queue alone, as actors", () => timed(() => queue(SYNC), QUEUE_EVENTS)],
  ];
  const rounds = sides.map((): Round[] => []);
  const peer: Round[] = [];
  let peerName = "";
  let absent: string | undefined;
  for (let turn = -WARM_UP; turn < ROUNDS; turn++) {
    for (const [index, [, round]] of sides.entries()) {
      const result = await round();
      if (turn >= 0) rounds[index]!.push(result);
    }
    const result = simPy(SYNC);
    if (typeof result === "string") absent = result;
    else [, peerName] = [peer.push(result[0]), result[1]];
  }
  console.log("|  | candidates/s | best round | of wall time | events/s | simulated s per s |");
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const [index, [name]] of sides.entries()) show(name, rounds[index]!);
  if (peer.length > 0) show(`queue alone, ${peerName}`, peer);
  if (absent !== undefined) console.log(`\n${absent}`);
}

async function memory(): Promise<void> {
  const settings: Setting[] = [
    { ...SYNC, generations: 100 },
    { ...SYNC, generations: 10_000 },
    { ...SYNC, mode: "async", generations: 10_000 },
    { ...SYNC, trainers: 4096, population: 4096, generations: 25 },
  ];
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("Cannot measure memory: expected --v8-flags=--expose-gc");
  console.log("| mode | trainers | candidates | MiB at most | MiB reachable at the end |");
  console.log("| --- | --- | --- | --- | --- |");
  for (const setting of settings) {
    let [most, reachable, left] = [0, 0, setting.generations];
    const { candidates } = await search(setting, noFiles, () => {
      most = Math.max(most, Deno.memoryUsage().rss);
      if (--left > 0) return;
      gc();
      reachable = Deno.memoryUsage().heapUsed;
    });
    const cells = [setting.trainers, candidates, most / 2 ** 20].map(counted);
    console.log(
      `| ${[setting.mode, ...cells, (reachable / 2 ** 20).toFixed(1)].join(" | ")} |`,
    );
  }
}

await (Deno.args[0] === "memory" ? memory() : compare());
