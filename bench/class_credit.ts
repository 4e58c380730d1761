/**
 * How much of what the images of a class say of a candidate is due to the pixel of that class:
 *
 *     deno run --allow-ffi --allow-read --allow-env --allow-sys bench/class_credit.ts
 *
 * 40 disturbances of MNIST, one pixel for each class, are drawn from the distribution that a search
 * begins with. A network is trained on each, as in the demo, and another one on each of 40 disturbances
 * whose pixels are the same ones, but no two from the same disturbance. Stated is how the mismatch (the
 * gap) of a class correlates between the two networks that have its pixel, how that of all classes
 * does, and how both do between two networks that are trained on the same disturbance with other seeds.
 *
 * @module
 */
import { meanOf } from "../averages.ts";
import {
  compileDisturbance,
  decode,
  type GenomeSpec,
  initialMean,
  loadTrain,
  stratifiedSubset,
} from "../datasets/mod.ts";
import { grayNet, optimizerByName, scheduleByName } from "../models/mod.ts";
import { deriveSeed, Random } from "../random.ts";
import { cmaEs } from "../strategies/cma_es.ts";
import { groupByClass } from "../training/by_class.ts";
import { engineOn } from "../training/engine_on.ts";
import { evaluateClassifier, trainClassifier } from "../training/training.ts";

const SEED = 1;
const CANDIDATES = 40;
const BATCH_SIZE = 32;

const split = await loadTrain("mnist");
const classes = split.classNames.length;
const spec: GenomeSpec = { classes, pixels: 1, shape: split.shape };
const indices = stratifiedSubset(split, 1000, deriveSeed(SEED, 0));
const groups = groupByClass(split, indices);
await using engine = await engineOn({ device: "cpu", engine: "auto", backend: "auto" }, {
  network: grayNet(split.shape, classes),
  optimizer: optimizerByName("adam").optimizer,
  batchSize: BATCH_SIZE,
});

/** The gap of each class of a network that is trained on a disturbance, in nats. */
async function gapsOf(genome: readonly number[], seed: number): Promise<number[]> {
  const disturbance = compileDisturbance(decode(genome, spec));
  await trainClassifier(engine, split, indices, { disturbance }, {
    epochs: 4,
    batchSize: BATCH_SIZE,
    wholeBatches: false,
    learningRate: 0.003,
    schedule: scheduleByName("constant"),
    seed: deriveSeed(SEED, 1, seed),
  });
  const gaps: number[] = [];
  for (const group of groups) {
    const clean = await evaluateClassifier(engine, split, group, undefined);
    const perturbed = await evaluateClassifier(engine, split, group, disturbance);
    gaps.push(clean.loss - perturbed.loss);
  }
  return gaps;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const product = (x: readonly number[], y: readonly number[], mx: number, my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return product(a, b, meanA, meanB) /
    Math.sqrt(product(a, a, meanA, meanA) * product(b, b, meanB, meanB));
}

const mean = [...initialMean(spec)];
const state = cmaEs.create({
  mean,
  sigma: 0.3,
  bounds: { lower: mean.map(() => 0), upper: mean.map(() => 1) },
  seed: SEED,
});
const drawn = Array.from(
  { length: CANDIDATES },
  (_, serial) => cmaEs.ask(state, new Random(deriveSeed(SEED, 2, serial)), serial).x,
);
const length = mean.length / classes;
/** Where the pixel of a class of a mixed disturbance comes from: no two have the same source. */
const sourceOf = (mixed: number, label: number) => (mixed + 3 * (label + 1)) % CANDIDATES;
const mixed = drawn.map((_, index) =>
  Array.from(
    { length: classes },
    (_, label) => drawn[sourceOf(index, label)]!.slice(label * length, (label + 1) * length),
  ).flat()
);

const first: number[][] = [];
const again: number[][] = [];
const beside: number[][] = [];
for (let i = 0; i < CANDIDATES; i++) {
  first.push(await gapsOf(drawn[i]!, 3 * i));
  again.push(await gapsOf(drawn[i]!, 3 * i + 1));
  beside.push(await gapsOf(mixed[i]!, 3 * i + 2));
}

const labels = Array.from({ length: classes }, (_, label) => label);
const ofClass = (gaps: readonly number[][], label: number) => gaps.map((each) => each[label]!);
const whole = (gaps: readonly number[][]) => gaps.map(meanOf);
/** The mixed network that has a class's pixel of each drawn disturbance, in the order of these. */
const withPixel = (label: number) =>
  drawn.map((_, i) => beside.find((_, index) => sourceOf(index, label) === i)!);

const show = (what: string, values: readonly number[]) =>
  console.log(
    `${what.padEnd(62)} ${meanOf(values).toFixed(2)}  (${
      values.map((value) => value.toFixed(2)).join(" ")
    })`,
  );
console.log("Correlation, mean over the classes (and each class)\n");
show(
  "a class's gap, same disturbance, other seed",
  labels.map((label) => correlation(ofClass(first, label), ofClass(again, label))),
);
show(
  "a class's gap, same pixel of that class beside others",
  labels.map((label) => correlation(ofClass(first, label), ofClass(withPixel(label), label))),
);
show("the gap of all, same disturbance, other seed", [correlation(whole(first), whole(again))]);
show(
  "the gap of all, same pixel of one class beside others",
  labels.map((label) => correlation(whole(first), whole(withPixel(label)))),
);
show(
  "a class's gap with the gap of all, same pixel beside others",
  labels.map((label) => correlation(ofClass(first, label), whole(withPixel(label)))),
);
