/**
 * The names of the random streams: which number stands for what where a seed is derived from
 * another one. A number that is in use never changes, and is not given to anything else: the same
 * seed gives the same results in every version.
 *
 * @module
 */

/**
 * Streams of the seed that a user gives: of a run, or of one repeat of an experiment. They are
 * negative, because an evaluation's seed is derived from the same one by its generation.
 */
export const RUN_STREAMS = Object.freeze({
  /** The draw of a candidate from the distribution, by its generation and its number. */
  candidate: -1,
  /** Which images a network is trained on, where it is not all of them. */
  trainingImages: -2,
  /** Which images a search's discriminator has, to learn from and to be tested on. */
  discriminatorImages: -3,
  /** Which of these it is tested on. */
  heldOutImages: -4,
  /**
   * Uniform disturbances. The demo and `evaluate` derive each in one step, by the number of its draw;
   * an experiment derives a seed for its repeat, and from that each draw. So the two have different
   * disturbances for the same seed, and keep them, because results of both are written down.
   */
  uniformDisturbances: -5,
  /**
   * Networks that are tested: the demo and `evaluate` derive each by its repeat, and an experiment,
   * whose repeats have seeds of their own, by nothing more; by its number from 1 on where a repeat
   * has several alike.
   */
  testedNetwork: -6,
  /** Where CMA-ES starts again, and with what, by the number of the restart. */
  restart: -7,
  /** How long a simulated training takes, by its evaluation. */
  cost: -8,
  /** Whether it takes much longer than the others, by its evaluation and attempt. */
  straggler: -9,
  /** When a simulated trainer fails, by its number and that of its restart. */
  failure: -10,
  /** Where the minimum of a simulation's objective is. */
  optimum: -11,
  /** Which recorded fitness a simulated evaluation has that was not recorded, by the evaluation. */
  recordedFitness: -12,
  /** Which faults a simulation has, and when. */
  faults: -13,
  /** What a fault does to messages and files. */
  damage: -14,
  /** Which recorded start a simulated trainer has that was not recorded, by its number and restart. */
  start: -15,
});

/** Streams of the number of a plan in a swarm. */
export const PLAN_STREAMS = Object.freeze({
  /** What the simulation is like. */
  settings: 0,
  /** Which mix of faults it has. */
  mix: 1,
});

/** Streams of the seed of one training. Those below zero are drawn after it, for its network. */
export const TRAINING_STREAMS = Object.freeze({
  /** The first weights, and what else the engine draws. */
  engine: 0,
  /** The order of the images in each epoch. */
  order: 1,
  /** How each image is shifted and flipped. */
  augmentation: 2,
  /** What defences draw, one after the other. */
  defences: 3,
  /** A direction in which figure 4 steps off the trained weights, by its number. */
  direction: -9,
});

/** Streams of the seed of an engine's weights. The weights are drawn from the seed itself. */
export const ENGINE_STREAMS = Object.freeze({
  /** Which values a dropout layer sets to zero. */
  dropout: 1,
});

/** Streams of the seed of the images that are generated. */
export const SYNTHETIC_STREAMS = Object.freeze({
  /** The picture of a class, by its label. */
  picture: 0,
  /** What makes the images of the training half of it. */
  train: 1,
  /** What makes the images of the test half of it. */
  test: 2,
});
