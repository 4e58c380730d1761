/**
 * Images per second on a GPU: every backend that runs there, PyTorch, and PyTorch with CUDA graphs.
 *
 *     deno run --allow-all bench/training_gpu.ts gpu:0 [CASE...]
 *
 * Rounds take turns; each figure is the median. What cannot run here says why. TensorFlow.js on CUDA
 * takes the last card that it sees: set CUDA_VISIBLE_DEVICES where there are several.
 *
 * @module
 */
import { engineChoices, formatChoice, parseDevice } from "../models/mod.ts";
import { caseName, chosenCases, rate, rounds } from "./training_cases.ts";
import {
  type Contestant,
  NotHere,
  ourContestant,
  pytorchContestant,
  type Rates,
} from "./training_contestants.ts";

const device = parseDevice(Deno.args[0] ?? "gpu:0");
if (device.type !== "gpu") {
  console.error(
    "Cannot bench cpu: expected a GPU, such as gpu:0; bench/training.ts is for the cpu",
  );
  Deno.exit(2);
}
const cuda = `cuda:${device.index}`;
for (const one of chosenCases(Deno.args.slice(1))) {
  const starts = new Map<string, () => Promise<Contestant>>([
    ...engineChoices(device).map((choice) =>
      [formatChoice(choice), () => ourContestant(one, 1, device, choice)] as const
    ),
    ["PyTorch", () => pytorchContestant(one, 1, cuda, "eager")],
    ["PyTorch, CUDA graphs", () => pytorchContestant(one, 1, cuda, "graphs")],
  ]);
  const running = new Map<string, { readonly contestant: Contestant; readonly rates: Rates[] }>();
  for (const [name, start] of starts) {
    try {
      running.set(name, { contestant: await start(), rates: [] });
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
      console.log(`${caseName(one).padEnd(24)}${name.padEnd(24)}not here: ${error.message}`);
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, rates } of running.values()) rates.push(await contestant.round());
  }
  for (const [name, { contestant, rates }] of running) {
    const images = rate(rates, "wall").padStart(8);
    console.log(`${caseName(one).padEnd(24)}${name.padEnd(24)}${images} images/s`);
    await contestant[Symbol.asyncDispose]();
  }
}
