/**
 * Settings of whole experiments.
 *
 * @module
 */

/** What ends in about two minutes on two cores. */
export const demo = {
  search: {
    dataset: "mnist",
    pixels: 1,
    network: "graynet",
    trainSize: 1000,
    epochs: 4,
    batchSize: 32,
    optimizer: "adam",
    // Three times the usual one: with so few steps, the network settles on the pixel sooner.
    learningRate: 0.003,
    mismatch: "gap",
    population: 12,
    generations: 6,
    finalists: 4,
    finalistRepeats: 2,
  },
  uniformDraws: 3,
  /** Networks for each disturbance in the final table. */
  repeats: 2,
} as const;
