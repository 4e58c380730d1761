import type { ExperimentPreset } from "./preset.ts";

/** About an hour on two cores, on MNIST or Fashion-MNIST; `budget` takes hours. */
export const small: ExperimentPreset = {
  dataset: "mnist",
  search: {
    network: "graynet",
    trainSize: 1000,
    epochs: 4,
    batchSize: 32,
    optimizer: "adam",
    learningRate: 0.003,
    mismatch: "gap",
    population: 12,
    generations: 11,
    finalists: 4,
    finalistRepeats: 2,
  },
  networks: ["graynet"],
  training: {
    trainSize: 10_000,
    epochs: 4,
    batchSize: 64,
    optimizer: "adam",
    augmentation: "none",
  },
  pixels: [1, 2, 5],
  repeats: 5,
  uniformDraws: 1,
  budget: { generations: [2, 5, 10, 20, 40, 60], networks: 3 },
  figures: { figure2: ["mnist"], figure3: ["mnist"], figure4: ["mnist"], repeats: 5 },
};
