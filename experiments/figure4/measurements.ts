/**
 * What was measured for figure 4: pair by pair of networks, between and around them.
 *
 * @module
 */
import { type Claim, claimRows } from "../findings/claims.ts";
import type { CsvRow } from "../findings/findings.ts";
import type { RepeatNetwork } from "../study/repeats.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { significant } from "../../report/numbers.ts";
import type { LandscapeScores } from "./landscape.ts";
import type { ENDS } from "./points.ts";

/** One of the ends. */
export type End = (typeof ENDS)[number];

/** Two networks of one repeat, and what was measured between and around them. */
export interface Pair {
  readonly dataset: string;
  readonly repeat: number;
  readonly networks: Readonly<Record<End, RepeatNetwork>>;
  /** In rising order of a. */
  readonly line: readonly {
    /** a, the share of Adam's weights. */
    readonly share: number;
    readonly train: LandscapeScores["train"];
    readonly test: LandscapeScores["train"];
  }[];
  /** Loss on the disturbed training images after steps off an end. */
  readonly steps: readonly {
    readonly end: End;
    readonly length: number;
    readonly seed: number;
    readonly loss: number;
  }[];
}

/** The value of a at an end. */
export const AT: Readonly<Record<End, number>> = { sgd: 0, adam: 1 };

/** Quantities along the line. */
export const QUANTITIES = {
  train_loss: { of: "train", score: "loss", name: "disturbed training images" },
  test_loss: { of: "test", score: "loss", name: "clean test images" },
  train_accuracy: { of: "train", score: "accuracy", name: "disturbed training images" },
  test_accuracy: { of: "test", score: "accuracy", name: "clean test images" },
} as const;
/** One of them. */
export type Quantity = keyof typeof QUANTITIES;

/** Of a pair at a value of a that was measured. */
export function valueAt({ line }: Pair, share: number, quantity: Quantity): number {
  const { of, score } = QUANTITIES[quantity];
  return line.find((point) => point.share === share)![of][score];
}

/**
 * Mean increase of the loss on the disturbed training images, in nats, by the steps off an end.
 */
export function sharpness(pair: Pair, end: End): number {
  const losses = pair.steps.filter((step) => step.end === end).map(({ loss }) => loss);
  return meanAndDeviation(losses).mean - valueAt(pair, AT[end], "train_loss");
}

/** What the paper says, of one set of images. */
export function claimsOf(pairs: readonly Pair[]): Claim[] {
  const claim = (claim: string, value: (pair: Pair, end: End) => number, rest = {}) => ({
    claim,
    higher: pairs.map((pair) => value(pair, "sgd")),
    lower: pairs.map((pair) => value(pair, "adam")),
    ...rest,
  });
  return [
    claim("SGD's end is sharper (nats)", sharpness, { format: short }),
    claim(
      "SGD's end generalises better (points of test accuracy)",
      (pair, end) => valueAt(pair, AT[end], "test_accuracy"),
    ),
  ];
}

/** `line.csv`, `steps.csv` and `claims.csv`. */
export function figure4Tables(pairs: readonly Pair[]): Record<string, CsvRow[]> {
  return {
    line: pairs.flatMap((pair) =>
      pair.line.map(({ share, train, test }) => ({
        dataset: pair.dataset,
        repeat: pair.repeat,
        a: share,
        train_loss: train.loss,
        train_accuracy: train.accuracy,
        test_loss: test.loss,
        test_accuracy: test.accuracy,
      }))
    ),
    steps: pairs.flatMap(({ dataset, repeat, steps }) =>
      steps.map(({ end, seed, length, loss }) => ({
        dataset,
        repeat,
        end,
        direction_seed: seed,
        length,
        train_loss: loss,
      }))
    ),
    claims: [...Map.groupBy(pairs, ({ dataset }) => dataset)]
      .flatMap(([dataset, own]) => claimRows(dataset, claimsOf(own))),
  };
}

/** Three digits. */
export function short(value: number): string {
  return significant(value, 3);
}
