/**
 * What it costs to have workers evaluate, by a NATS server, next to actors in memory and in processes:
 *
 *     deno run --allow-read --allow-write --allow-env --allow-net --allow-run --allow-sys \
 *       bench/hosts.ts
 *
 * 1. Candidates per second when an evaluation costs nothing.
 * 2. What is added to an evaluation that takes a while: the time from one result of a slot to its next
 *    one, each in the journal, without the evaluation itself.
 *
 * Server, search and workers share this machine. A worker has 16 slots at most.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { Journal, readJournal } from "../actors/record/journal.ts";
import { Tables } from "../actors/record/tables.ts";
import { runPopulation } from "../actors/population/population.ts";
import type { RemoteSlots } from "../actors/population/remote.ts";
import { SearchProgress } from "../actors/population/search_progress.ts";
import { moduleContent } from "../actors/own/module_sha256.ts";
import { openServer } from "../actors/remote/open_server.ts";
import type { Placement } from "../actors/runtime/mod.ts";
import { measureTerm } from "../actors/terms.ts";
import { random } from "../strategies/random.ts";

const EVALUATOR = new URL("./hosts_no_op.ts", import.meta.url).href;
const PORT = 4243;
const NATS = `nats://127.0.0.1:${PORT}`;

/** When an evaluation was done, and what it took by itself, in milliseconds. */
interface Done {
  readonly slot: string;
  readonly at: number;
  readonly busyMs: number;
}

/** Does evaluations on slots; the result is in the order in which they were done. */
async function course(
  evaluations: number,
  evaluationMs: number,
  where: { readonly slots: number; readonly placement: Placement } | RemoteSlots,
): Promise<Done[]> {
  const directory = await Deno.makeTempDir();
  const population = 64;
  const plan = {
    mean: [evaluationMs, 0.5],
    bounds: { lower: [evaluationMs, 0], upper: [evaluationMs + 1e-6, 1] },
    sigma: 0.3,
    populationSize: population,
    generations: Math.ceil(evaluations / population),
    strategy: random,
    mode: "async" as const,
    staleness: { policy: "mix" as const },
    finalists: 1,
    finalistRepeats: 0,
    seed: 1,
  };
  const done: Done[] = [];
  {
    const path = `${directory}/journal.jsonl`;
    using tables = new Tables(directory, population);
    await using journal = await Journal.open(path, await readJournal(path));
    const isRemote = "begin" in where;
    await runPopulation({
      progress: new SearchProgress(plan),
      ...plan,
      terms: [measureTerm(EVALUATOR)],
      devices: new Array<string>(isRemote ? 0 : where.slots).fill("cpu"),
      placement: isRemote ? { kind: "memory" } : where.placement,
      remote: isRemote ? where : undefined,
      maxAttempts: 1,
      leaseMs: Infinity,
      journal,
      tables,
      signal: new AbortController().signal,
      onEvent: (event) => {
        if (event.type !== "Evaluated") return;
        const { slot, busyMs } = event.timings.measure!;
        done.push({ slot, at: performance.now(), busyMs });
      },
      onLost: () => {}, // The search is over, and evaluations are not.
      onWorkers: (text) => console.error(text),
    });
  }
  await Deno.remove(directory, { recursive: true });
  return done;
}

/** Runs with workers that have so many slots in all. */
async function withWorkers<T>(
  slots: number,
  fn: (remote: RemoteSlots) => Promise<T>,
): Promise<T> {
  await using server = await openServer({ servers: NATS });
  const workers = Array.from(
    { length: Math.ceil(slots / 16) },
    (_, index) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--allow-read", "--allow-env", "--allow-net", "--allow-sys", "--allow-ffi"],
          fileURLToPath(new URL("../experiments/worker.ts", import.meta.url)),
          ...["--nats", NATS, "--name", `w${index}`, "--modules", fileURLToPath(EVALUATOR)],
          ...["--devices", `cpu:${Math.min(16, slots - 16 * index)}`],
        ],
        stdout: "null",
      }).spawn(),
  );
  const remote = server!.slots({
    kind: "minimize",
    run: crypto.randomUUID(),
    folder: "",
    configuration: { evaluator: EVALUATOR, mean: [0, 0], lower: null, upper: null },
    parts: ["measure"],
    modules: { measure: moduleContent(EVALUATOR) },
    byClass: false,
    prunes: false,
  });
  try {
    const result = await fn(remote);
    await remote.retire();
    return result;
  } finally {
    for (const worker of workers) worker.kill("SIGINT");
    for (const worker of workers) await worker.status;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Candidates per second, after a quarter, in which slots start. */
function rate(done: readonly Done[]): string {
  const late = done.slice(done.length / 4);
  return (1000 * (late.length - 1) / (late.at(-1)!.at - late[0]!.at)).toFixed(0);
}

/** What is added to evaluations, after the first quarter. */
function added(done: readonly Done[]): string[] {
  const before = new Map<string, number>();
  const late: number[] = [];
  for (const [index, { slot, at, busyMs }] of done.entries()) {
    const since = before.get(slot);
    if (since !== undefined && index > done.length / 4) late.push(at - since - busyMs);
    before.set(slot, at);
  }
  late.sort((a, b) => a - b);
  return [0.5, 0.99].map((share) => quantile(late, share).toFixed(1));
}

/** Both measurements as a row. */
async function row(
  slots: number,
  name: string,
  go: (evaluations: number, evaluationMs: number) => Promise<Done[]>,
): Promise<void> {
  const rates = rate(await go(name === "nats" && slots === 1 ? 1024 : 4096, 0));
  const latencies = added(await go(Math.max(64, 16 * slots), 1000 / Math.max(1, 16 / slots)));
  console.log([`${slots}`, name, rates, ...latencies].map((cell) => cell.padStart(12)).join(""));
}

const store = await Deno.makeTempDir();
const server = new Deno.Command("nats-server", {
  args: ["--jetstream", "--store_dir", store, "--addr", "127.0.0.1", "--port", `${PORT}`],
  stdout: "null",
  stderr: "null",
}).spawn();
console.log(`load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
console.log(
  ["slots", "where", "cand./s", "p50 in ms", "p99 in ms"].map((cell) => cell.padStart(12)).join(""),
);
const placements: Readonly<Record<string, Placement>> = {
  memory: { kind: "memory" },
  process: { kind: "process", flags: ["--allow-read"] },
};
for (const slots of (Deno.args[0] ?? "1,4,16,64").split(",").map(Number)) {
  for (const [name, placement] of Object.entries(placements)) {
    await row(slots, name, (evaluations, ms) => course(evaluations, ms, { slots, placement }));
  }
  await row(
    slots,
    "nats",
    (evaluations, ms) => withWorkers(slots, (remote) => course(evaluations, ms, remote)),
  );
}
console.log(`load ${Deno.loadavg().map((load) => load.toFixed(1)).join(" ")}`);
server.kill();
await server.status;
await Deno.remove(store, { recursive: true });
