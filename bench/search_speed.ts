/**
 * How long a whole search takes, next to one put together from pycma, PyTorch and a pool of processes
 * (`peers/pytorch_search.py`):
 *
 *     deno run --allow-ffi --allow-read --allow-write --allow-env --allow-sys --allow-run \
 *       bench/search_speed.ts [PYTHON]
 *
 * Both train with the settings of the demo, on the same images, 80 candidates on two workers of one
 * thread each, and take turns. A search counts from its call to its result, with the start of its
 * workers or processes; that modules are loaded does not count, nor that PyTorch tries before which of
 * its memory formats and optimiser loops is fastest. Ours writes its files, the peer writes none.
 *
 * That both do the same work is shown by their scores: the peer evaluates candidates of our search
 * again, twice, with seeds of its own.
 *
 * PYTHON needs PyTorch and pycma. Default: /usr/bin/python3.
 *
 * @module
 */
import process from "node:process";
import { deviationOf, meanOf, medianOf } from "../averages.ts";
import { holdOut, loadTrain, stratifiedSubset } from "../datasets/mod.ts";
import { demo } from "../experiments/presets/demo.ts";
import { layOut } from "../experiments/terminal/table.ts";
import { type EvaluatedCandidate, openRun, search } from "../mod.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";

const ROUNDS = 3;
const SETTINGS = {
  ...demo.search,
  discriminatorSize: 500,
  discriminatorEpochs: 4,
  sigma: 0.3,
  population: 10,
  generations: 8,
  finalists: 1,
  finalistRepeats: 0,
  seed: 1,
};
const WORKERS = 2;
/** The peer evaluates every second one of our candidates again. */
const COMPARED = 2;

/** Seconds of a search, of the clock and of all processors. */
type Seconds = readonly [wall: number, cpu: number];
type Scores = Readonly<Record<string, number>>;

async function ourSearch(directory: string): Promise<Seconds> {
  const [startedAt, used] = [performance.now(), process.cpuUsage()];
  await using run = search({
    ...SETTINGS,
    dataset: demo.dataset,
    devices: [`cpu:${WORKERS}`],
    directory,
  });
  await run.result;
  const { user, system } = process.cpuUsage(used);
  return [(performance.now() - startedAt) / 1e3, (user + system) / 1e6];
}

/** Write the images that our search takes, and the settings, for the peer. */
async function writeTask(folder: string): Promise<void> {
  const split = await loadTrain(demo.dataset);
  const seedOf = (stream: keyof typeof RUN_STREAMS) =>
    deriveSeed(SETTINGS.seed, RUN_STREAMS[stream]);
  const size = SETTINGS.discriminatorSize;
  const pool = stratifiedSubset(split, 2 * size, seedOf("discriminatorImages"));
  const { fit, heldOut } = holdOut(split, pool, size, seedOf("heldOutImages"));
  const train = stratifiedSubset(split, SETTINGS.trainSize, seedOf("trainingImages"));
  const bytes = split.images.length / split.count;
  for (const [name, indices] of Object.entries({ train, fit, held_out: heldOut })) {
    const images = new Uint8Array(indices.length * bytes);
    indices.forEach((index, at) =>
      images.set(split.images.subarray(index * bytes, (index + 1) * bytes), at * bytes)
    );
    Deno.writeFileSync(`${folder}/${name}.images`, images);
    Deno.writeFileSync(
      `${folder}/${name}.labels`,
      Uint8Array.from(indices, (index) => split.labels[index]!),
    );
  }
  Deno.writeTextFileSync(
    `${folder}/settings.json`,
    JSON.stringify({ ...SETTINGS, workers: WORKERS }),
  );
}

/** The peer, which answers a line with a line. */
class Peer {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;

  constructor(python: string, folder: string) {
    const script = new URL("./peers/pytorch_search.py", import.meta.url).pathname;
    this.#child = new Deno.Command(python, {
      args: [script, folder],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async readLine(): Promise<string> {
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error("The peer's process ended");
      text += value;
    }
    return text.trim();
  }

  async #ask(request: unknown): Promise<unknown> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    return JSON.parse(await this.readLine());
  }

  async search(seed: number): Promise<Seconds> {
    return await this.#ask({ search: seed }) as Seconds;
  }

  async evaluate(candidates: readonly EvaluatedCandidate[], seed: number): Promise<Scores[]> {
    const jobs = candidates.map(({ genome }, index) => [genome, seed + index]);
    return await this.#ask({ evaluate: jobs }) as Scores[];
  }

  async stop(): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#child.status;
  }
}

/** The peer and how it is set up; or why it cannot run here. */
async function startPeer(python: string, folder: string): Promise<[Peer, string] | string> {
  try {
    const peer = new Peer(python, folder);
    const note = await peer.readLine();
    if (!note.startsWith("error: ")) return [peer, note];
    await peer.stop();
    return `${
      note.slice("error: ".length)
    } for ${python}: expected PyTorch (pip install torch, or ` +
      "apt-get install python3-torch libopenblas0-pthread) and pycma (pip install cma)";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return `Python is not installed: no ${python}`;
    throw error;
  }
}

/** Our scores of candidates against the peer's, and the peer's against its own with other seeds. */
function agreement(
  ours: readonly Scores[],
  theirs: readonly Scores[],
  again: readonly Scores[],
): string[][] {
  return ["mismatch", "divergence", "cleanAccuracy", "perturbedAccuracy"].map((name) => {
    const [own, first, second] = [ours, theirs, again].map((all) =>
      all.map((scores) => scores[name]!)
    ) as [number[], number[], number[]];
    const differences = own.map((score, index) => score - first[index]!);
    const values = [
      meanOf(own),
      meanOf(first),
      meanOf(differences),
      deviationOf(differences) / Math.sqrt(differences.length),
      deviationOf(differences),
      deviationOf(first.map((score, index) => score - second[index]!)),
    ];
    return [name, ...values.map((value) => value.toFixed(3))];
  });
}

/** The seconds of both sides, and how many times as long the peer took. */
function timesRow(label: string, own: Seconds, theirs: Seconds | undefined): string[] {
  const cells = own.flatMap((seconds, clock) => {
    const other = theirs?.[clock];
    const cells = [seconds.toFixed(1)];
    return other === undefined
      ? [...cells, "-", "-"]
      : [...cells, other.toFixed(1), (other / seconds).toFixed(2)];
  });
  return [label, ...cells];
}

const folder = Deno.makeTempDirSync();
try {
  await writeTask(folder);
  const started = await startPeer(Deno.args[0] ?? "/usr/bin/python3", folder);
  const [peer, note] = typeof started === "string" ? [undefined, started] : started;
  console.log(note);
  const times = ["ours", "theirs", "ratio"];
  const rows = [
    ["round", ...times.map((one) => `wall s, ${one}`), ...times.map((one) => `CPU s, ${one}`)],
  ];
  const ratios: Seconds[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const own = await ourSearch(`${folder}/${round}`);
    const theirs = await peer?.search(round);
    rows.push(timesRow(`${round}`, own, theirs));
    if (theirs) ratios.push([theirs[0] / own[0], theirs[1] / own[1]]);
  }
  if (peer) {
    const [wall, cpu] = [0, 1].map((clock) => medianOf(ratios.map((one) => one[clock]!)));
    rows.push(["median", "", "", wall!.toFixed(2), "", "", cpu!.toFixed(2)]);
  }
  console.log(layOut(rows));
  if (peer) {
    const { candidates } = await openRun(`${folder}/1`);
    const some = candidates.filter((_, index) => index % COMPARED === 0);
    const first = await peer.evaluate(some, 1_000_000);
    const again = await peer.evaluate(some, 2_000_000);
    await peer.stop();
    console.log(`\nScores of ${some.length} of our candidates`);
    console.log(layOut([
      ["score", "ours", "theirs", "difference", "its error", "deviation", "theirs, two seeds"],
      ...agreement(some.map(({ scores }) => scores), first, again),
    ]));
  }
} finally {
  Deno.removeSync(folder, { recursive: true });
}
