import type { Preset } from "./preset.ts";

const trainSize = 1000;
const epochs = 4;
const batchSize = 32;
// Three times the usual one: with so few steps, the network settles on the pixel sooner.
const learningRate = 0.003;

/** `demo`: what ends in about two minutes on two cores. */
export const demo = {
  dataset: "mnist",
  search: {
    network: "graynet",
    trainSize,
    epochs,
    batchSize,
    optimizer: "adam",
    learningRate,
    mismatch: "gap",
    population: 12,
    generations: 6,
    finalists: 4,
    finalistRepeats: 2,
  },
  networks: ["graynet"],
  training: {
    trainSize,
    epochs,
    batchSize,
    optimizer: "adam",
    learningRates: { adam: learningRate },
    augmentation: "none",
  },
  pixels: [1],
  repeats: 2,
  uniformDraws: 3,
} as const satisfies Preset;
