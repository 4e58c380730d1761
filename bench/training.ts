/**
 * Images per second of the training step and of evaluation, side by side with PyTorch.
 *
 *     deno run --allow-ffi --allow-read --allow-run=/usr/bin/python3 bench/training.ts [CASE...]
 *
 * Both sides run as one thread, and as one worker or process of one thread on every core. PyTorch
 * gets the fastest of its memory formats and optimiser loops, found by trying. Rounds take turns, so
 * that both sides see the same machine; the ratio is the median of the rounds' ratios.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { type Contestant, ourContestant, pytorchContestant } from "./training_contestants.ts";

/** What is timed. */
export interface TrainingCase {
  readonly network: "graynet" | "colornet" | "resnet20" | "densenet40";
  readonly work: "train" | "evaluate";
  readonly batchSize: number;
  /** Batches of one round, for each worker. */
  readonly batches: number;
}

const cases: readonly TrainingCase[] = [
  { network: "graynet", work: "train", batchSize: 32, batches: 40 },
  { network: "graynet", work: "train", batchSize: 128, batches: 10 },
  { network: "graynet", work: "evaluate", batchSize: 128, batches: 20 },
  { network: "colornet", work: "train", batchSize: 32, batches: 4 },
  { network: "colornet", work: "train", batchSize: 128, batches: 1 },
  { network: "colornet", work: "evaluate", batchSize: 128, batches: 2 },
  { network: "resnet20", work: "train", batchSize: 32, batches: 3 },
  { network: "densenet40", work: "train", batchSize: 32, batches: 1 },
];
const rounds = 7;

function caseName({ network, work, batchSize }: TrainingCase): string {
  return `${network}-${work}-${batchSize}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

async function compare(ours: Contestant, theirs: Contestant | undefined): Promise<string[]> {
  const [own, other, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await ours.round());
    if (!theirs) continue;
    other.push(await theirs.round());
    ratios.push(own.at(-1)! / other.at(-1)!);
  }
  const rate = (values: readonly number[]) => median(values).toFixed(0);
  return theirs
    ? [rate(own), rate(other), median(ratios).toFixed(2), theirs.note]
    : [rate(own), "-", "-", ""];
}

function printRow(cells: readonly string[]): void {
  const widths = [22, 8, 9, 9, 6];
  console.log(
    cells.map((cell, i) => i === 0 ? cell.padEnd(22) : cell.padStart(widths[i] ?? 0)).join("  "),
  );
}

const chosen = cases.filter((one) => Deno.args.length === 0 || Deno.args.includes(caseName(one)));
if (chosen.length === 0) {
  console.error(
    `Cannot bench ${Deno.args.join(", ")}: the cases are ${cases.map(caseName).join(", ")}`,
  );
  Deno.exit(2);
}
printRow(["images/s", "workers", "ours", "PyTorch", "ratio", "PyTorch's best arrangement"]);
for (const one of chosen) {
  for (const workers of new Set([1, availableParallelism()])) {
    await using ours = await ourContestant(one, workers);
    const theirs = await pytorchContestant(one, workers);
    printRow([caseName(one), `${workers}`, ...await compare(ours, theirs)]);
    await theirs?.[Symbol.asyncDispose]();
  }
}
