/**
 * What was measured for figure 3: accuracies of networks, optimizer by optimizer.
 *
 * @module
 */
import type { TestScores } from "../../actors/testing/evaluator.ts";
import { type Claim, claimRows } from "../findings/claims.ts";
import type { CsvRow } from "../findings/findings.ts";
import type { RepeatNetwork } from "../study/repeats.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import type { TestedNetwork } from "../study/study.ts";

/** A network of the figure. */
export type Test = TestedNetwork<RepeatNetwork>;

/** In the order that the paper's figure 3 has them in, from the highest accuracy down. */
export const OPTIMIZERS = ["sgd", "adabound", "adam", "rmsprop"] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** SGD is best, Adabound between, Adam and RMSProp worst. */
const CLAIMS: readonly (readonly [higher: OptimizerName, lower: OptimizerName])[] = [
  ["sgd", "adabound"],
  ["sgd", "adam"],
  ["sgd", "rmsprop"],
  ["adabound", "adam"],
  ["adabound", "rmsprop"],
];

/** As they are written. */
export const NAMES: Readonly<Record<OptimizerName, string>> = {
  sgd: "SGD",
  adabound: "Adabound",
  adam: "Adam",
  rmsprop: "RMSProp",
};

/** Accuracies that are measured, each of them for every optimizer. */
const QUANTITIES = {
  clean: { trainedOn: "clean", score: "testAccuracy" },
  disturbed: { trainedOn: "mddes", score: "testAccuracy" },
  fitted: { trainedOn: "mddes", score: "perturbedAccuracy" },
} as const satisfies Record<
  string,
  { trainedOn: RepeatNetwork["trainedOn"]; score: keyof TestScores }
>;
export type Quantity = keyof typeof QUANTITIES;

/** An accuracy for each repeat, 0 to 1; `null` where the training failed. */
export function valuesOf(
  tests: readonly Test[],
  dataset: string,
  optimizer: OptimizerName,
  quantity: Quantity,
): (number | null)[] {
  const { trainedOn, score } = QUANTITIES[quantity];
  return tests
    .filter(({ job }) => job.dataset === dataset && job.optimizer === optimizer)
    .filter(({ job }) => job.trainedOn === trainedOn)
    .toSorted((a, b) => a.job.repeat - b.job.repeat)
    .map(({ outcome }) => outcome.type === "TestScores" ? outcome[score] : null);
}

/** The mean over the repeats that did not fail; `null` if all did. */
export function meanOf(...which: Parameters<typeof valuesOf>): number | null {
  const values = valuesOf(...which).filter((value) => value !== null);
  return values.length === 0 ? null : meanAndDeviation(values).mean;
}

/** What the paper says, of one set of images. */
export function claimsOf(tests: readonly Test[], dataset: string): Claim[] {
  const values = (optimizer: OptimizerName) => valuesOf(tests, dataset, optimizer, "disturbed");
  return CLAIMS.map(([higher, lower]) => ({
    claim: `${NAMES[higher]} above ${NAMES[lower]}`,
    higher: values(higher),
    lower: values(lower),
  }));
}

/** `networks.csv` and `claims.csv`. */
export function figure3Tables(tests: readonly Test[]): Record<string, CsvRow[]> {
  const datasets = [...new Set(tests.map(({ job }) => job.dataset))];
  return {
    networks: tests.map(({ job, outcome, file }) => {
      const scores = outcome.type === "TestScores" ? outcome : undefined;
      return {
        dataset: job.dataset,
        network: job.training.network,
        optimizer: job.optimizer,
        learning_rate: job.training.learningRate,
        trained_on: job.trainedOn,
        repeat: job.repeat,
        seed: job.seed,
        test_accuracy: scores?.testAccuracy ?? null,
        test_loss: scores?.testLoss ?? null,
        perturbed_accuracy: scores?.perturbedAccuracy ?? null,
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        file,
      };
    }),
    claims: datasets.flatMap((dataset) => claimRows(dataset, claimsOf(tests, dataset))),
  };
}
