import type { ExperimentPreset } from "./preset.ts";

/** Two minutes on two cores: shows that everything works, and proves nothing. */
export const smoke: ExperimentPreset = {
  dataset: "mnist",
  search: {
    network: "graynet",
    trainSize: 500,
    epochs: 4,
    batchSize: 32,
    optimizer: "adam",
    learningRate: 0.003,
    mismatch: "gap",
    discriminatorSize: 250,
    population: 8,
    generations: 3,
    finalists: 2,
    finalistRepeats: 1,
  },
  networks: ["graynet"],
  training: {
    trainSize: 1000,
    epochs: 4,
    batchSize: 32,
    optimizer: "adam",
    learningRates: { adam: 0.003, rmsprop: 0.003, adabound: 0.003 },
    augmentation: "none",
  },
  pixels: [1, 2],
  repeats: 2,
  uniformDraws: 1,
  budget: { generations: [1, 2, 4, 8], networks: 2 },
  figures: { figure2: ["mnist"], figure3: ["mnist"], figure4: ["mnist"], repeats: 2 },
};
