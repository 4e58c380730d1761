import type { ExperimentPreset } from "./preset.ts";

/** About two hours on two cores, on a part of CIFAR-10 or SVHN, with shifts and flips. */
export const color: ExperimentPreset = {
  dataset: "cifar10",
  search: {
    network: "colornet",
    trainSize: 1000,
    epochs: 6,
    batchSize: 32,
    optimizer: "adam",
    learningRate: 0.002,
    mismatch: "gap",
    population: 10,
    generations: 5,
    finalists: 2,
    finalistRepeats: 1,
  },
  networks: ["colornet"],
  training: {
    trainSize: 5000,
    epochs: 8,
    batchSize: 64,
    optimizer: "adam",
    augmentation: "standard",
  },
  pixels: [1],
  repeats: 3,
  uniformDraws: 1,
  budget: { generations: [1, 2, 5], networks: 1 },
  figures: { figure2: ["cifar10"], figure3: ["cifar10"], figure4: ["cifar10"], repeats: 3 },
};
