import type { ExperimentPreset } from "./preset.ts";

/**
 * The paper's protocol, for GPUs: the search with ColorNet, the tests with bigger networks, on all
 * images, with augmentation. What the paper leaves open about its search is our choice.
 */
export const paper: ExperimentPreset = {
  dataset: "svhn",
  search: {
    network: "colornet",
    trainSize: 10_000,
    epochs: 10,
    batchSize: 128,
    optimizer: "adam",
    mismatch: "gap",
    discriminatorSize: 5_000,
    population: 32,
    generations: 50,
    finalists: 8,
    finalistRepeats: 3,
  },
  networks: ["resnet20", "resnet32", "densenet40"],
  training: {
    trainSize: null,
    epochs: 30,
    batchSize: 128,
    optimizer: "recipe",
    augmentation: "standard",
  },
  pixels: [1, 2, 5, 10],
  repeats: 3,
  uniformDraws: 1,
  budget: { generations: [1, 2, 5, 10, 20, 50], networks: 1 },
  figures: {
    figure2: ["mnist", "fashion-mnist"],
    figure3: ["mnist", "fashion-mnist", "cifar10", "svhn"],
    figure4: ["svhn"],
    repeats: 5,
  },
};
