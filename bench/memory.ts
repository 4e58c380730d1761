/**
 * Memory of the training engine.
 *
 *     deno run --allow-all bench/memory.ts NETWORK [CYCLES]
 *
 * First the peak of a process that trains and evaluates with one engine; then the resident memory
 * while engine after engine is created, trains, evaluates and is disposed of.
 *
 * @module
 */
import { createEngine, type Engine, networkByName, optimizerByName } from "../models/mod.ts";

const networks = ["graynet", "colornet", "resnet20", "densenet40"] as const;
const name = networks.find((one) => one === Deno.args[0]);
const cycles = Number(Deno.args[1] ?? 1000);
if (!name || !Number.isInteger(cycles) || cycles < 50) {
  console.error(
    `Cannot bench ${Deno.args.join(" ")}: give one of ${networks.join(", ")}, ` +
      "and a whole number of cycles from 50 on",
  );
  Deno.exit(2);
}
const shape = name === "graynet" ? [1, 28, 28] as const : [3, 32, 32] as const;
const network = networkByName(name)(shape, 10);
const { optimizer, learningRate } = optimizerByName("adam");
const batchSize = 32;
const images = new Float32Array(batchSize * shape[0] * shape[1] * shape[2]).fill(0.5);
const labels = new Uint8Array(batchSize);

function create(seed: number): Promise<Engine> {
  return createEngine({ network, optimizer, batchSize, device: { type: "cpu" }, seed });
}

async function use(engine: Engine, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) await engine.trainStep(images, labels, learningRate);
  await engine.evaluate(images, labels);
}

const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);

/** Linux only: the most that was ever resident, in bytes. */
function peak(): number {
  const [, kibibytes] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s+(\d+)/)!;
  return Number(kibibytes) * 1024;
}

console.log(`${name}, batch ${batchSize}, MiB resident`);
console.log(`before the first engine      ${mebibytes(Deno.memoryUsage().rss)}`);
{
  await using engine = await create(0);
  await use(engine, 50);
}
console.log(`peak of 50 steps             ${mebibytes(peak())}`);
let reference = 0;
for (let cycle = 1; cycle <= cycles; cycle++) {
  {
    await using engine = await create(cycle);
    await use(engine, 1);
  }
  const { rss } = Deno.memoryUsage();
  if (cycle === 50) reference = rss;
  if (cycle === 50 || cycle % 100 === 0) {
    const grown = (100 * (rss / reference - 1)).toFixed(1);
    console.log(`after ${`${cycle}`.padStart(4)} engines           ${mebibytes(rss)}  ${grown} %`);
  }
}
console.log(`peak of all                  ${mebibytes(peak())}`);
