/**
 * What was measured for `transfer`: how right each network was after its last epoch, and at its best.
 *
 * @module
 */
import type { CsvRow } from "../findings/findings.ts";
import { summaryOf } from "../study/statistics.ts";
import type { NetworkJob, TestedNetwork } from "../study/study.ts";

/** A network that was tested after every epoch. */
export interface TransferNetwork extends NetworkJob {
  readonly network: string;
  readonly optimizer: string;
  /** Such as `clean`. */
  readonly method: string;
  /** Which of the method's disturbances, from 0. */
  readonly draw: number;
  /** From 0. */
  readonly repeat: number;
}

/** The same with what came of it. */
export type Test = TestedNetwork<TransferNetwork>;

/** Networks that were trained alike, on the same: a cell of the matrix. */
export interface Cell extends Pick<TransferNetwork, "network" | "optimizer" | "method"> {
  readonly tests: readonly Test[];
}

/** The cells, in the order of the tests. */
export function cellsOf(tests: readonly Test[]): Cell[] {
  const cells = Map.groupBy(
    tests,
    ({ job: { network, optimizer, method } }) => JSON.stringify([network, optimizer, method]),
  );
  return [...cells.values()].map((tests) => {
    const { network, optimizer, method } = tests[0]!.job;
    return { network, optimizer, method, tests };
  });
}

/** Accuracies on the clean test images after each epoch, 0 to 1; none if the training failed. */
function curveOf({ outcome }: Test): readonly number[] {
  return outcome.type === "TestScores" ? outcome.epochAccuracies ?? [] : [];
}

/** What is read off the curve of a network; `null` if its training failed. */
const QUANTITIES = {
  /** After the last epoch, 0 to 1. */
  last: (test: Test) => curveOf(test).at(-1) ?? null,
  /** The highest after any epoch, 0 to 1. */
  peak: (test: Test) => peakOf(curveOf(test)),
  /** The first epoch after which it was that high, from 1. */
  peakEpoch: (test: Test) => {
    const curve = curveOf(test);
    const peak = peakOf(curve);
    return peak === null ? null : curve.indexOf(peak) + 1;
  },
} as const;

function peakOf(curve: readonly number[]): number | null {
  return curve.length === 0 ? null : Math.max(...curve);
}

/** A quantity of each network of a cell. */
export function valuesOf(
  { tests }: Cell,
  quantity: keyof typeof QUANTITIES,
): (number | null)[] {
  return tests.map(QUANTITIES[quantity]);
}

/** Accuracies of a cell's networks, for each epoch from the first. */
export function epochsOf({ tests }: Cell): number[][] {
  const curves = tests.map(curveOf).filter((curve) => curve.length > 0);
  return (curves[0] ?? []).map((_, epoch) => curves.map((curve) => curve[epoch]!));
}

/** `transfer.csv`, the matrix; `networks.csv`; and `epochs.csv`, the curves. */
export function transferTables(tests: readonly Test[]): Record<string, CsvRow[]> {
  return {
    transfer: cellsOf(tests).map(cellRow),
    networks: tests.map((test) => ({
      ...namesOf(test),
      learning_rate: test.job.training.learningRate,
      seed: test.job.seed,
      last_accuracy: QUANTITIES.last(test),
      peak_accuracy: QUANTITIES.peak(test),
      peak_epoch: QUANTITIES.peakEpoch(test),
      perturbed_accuracy: test.outcome.type === "TestScores"
        ? test.outcome.perturbedAccuracy
        : null,
      failure: test.outcome.type === "TestFailed" ? test.outcome.reason : null,
      file: test.file,
    })),
    epochs: tests.flatMap((test) =>
      curveOf(test).map((accuracy, epoch) => ({
        ...namesOf(test),
        epoch: epoch + 1,
        test_accuracy: accuracy,
      }))
    ),
  };
}

function namesOf({ job: { network, optimizer, method, draw, repeat } }: Test): CsvRow {
  return { network, optimizer, trained_on: method, draw, repeat };
}

function cellRow(cell: Cell): CsvRow {
  const { network, optimizer, method } = cell;
  const [last, peak, epoch] = (["last", "peak", "peakEpoch"] as const)
    .map((quantity) => summaryOf(valuesOf(cell, quantity)));
  return {
    network,
    optimizer,
    trained_on: method,
    networks: last!.whole.length + last!.failed,
    failed: last!.failed,
    last_mean: last!.mean,
    last_deviation: last!.deviation,
    peak_mean: peak!.mean,
    peak_deviation: peak!.deviation,
    peak_epoch_mean: epoch!.mean,
    peak_epoch_deviation: epoch!.deviation,
  };
}
