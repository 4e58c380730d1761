/**
 * Images per second of the training step and of evaluation on a processor, side by side with PyTorch.
 *
 *     deno run --allow-ffi --allow-read --allow-env --allow-sys --allow-run=/usr/bin/python3 \
 *       bench/training.ts [CASE...]
 *
 * Both sides run as one thread, and as one worker or process of one thread on every core. PyTorch
 * gets the fastest of its memory formats and optimiser loops, found by trying. Rounds take turns, so
 * that both sides see the same machine; a ratio is the median of the rounds' ratios. It is given by
 * the clock and by processor time, which counts where others use the machine, too.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { caseName, chosenCases, median, rate, rounds } from "./training_cases.ts";
import {
  type Contestant,
  NotHere,
  ourContestant,
  pytorchContestant,
  type Rates,
} from "./training_contestants.ts";

async function compare(ours: Contestant, theirs: Contestant | undefined): Promise<string[]> {
  const [own, other]: [Rates[], Rates[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await ours.round());
    if (theirs) other.push(await theirs.round());
  }
  return [
    ...(["wall", "cpu"] as const).flatMap((clock) => [
      rate(own, clock),
      theirs ? rate(other, clock) : "-",
      theirs ? median(own.map((one, i) => one[clock] / other[i]![clock])).toFixed(2) : "-",
    ]),
    theirs?.note ?? "",
  ];
}

function printRow(cells: readonly string[]): void {
  const widths = [23, 7, 7, 7, 5, 9, 7, 5];
  console.log(
    cells.map((cell, i) => i === 0 ? cell.padEnd(23) : cell.padStart(widths[i] ?? 0)).join("  "),
  );
}

let missing = false;
const head = ["ours", "PyTorch", "ratio"];
printRow(["", "", "images/s of the clock", "", "images/s of processor time"]);
printRow(["case", "workers", ...head, ...head, "PyTorch's best arrangement"]);
for (const one of chosenCases(Deno.args)) {
  for (const workers of new Set([1, availableParallelism()])) {
    await using ours = await ourContestant(one, workers, { type: "cpu" }, {
      engine: "onnx",
      backend: "cpu",
    });
    let theirs: Contestant | undefined;
    try {
      theirs = missing ? undefined : await pytorchContestant(one, workers, "cpu", "eager");
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      console.error(error.message);
      missing = true;
    }
    printRow([caseName(one), `${workers}`, ...await compare(ours, theirs)]);
    await theirs?.[Symbol.asyncDispose]();
  }
}
