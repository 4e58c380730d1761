/**
 * From tested networks to the numbers of the table: the accuracies of each row, and the orderings.
 *
 * @module
 */
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { accuracyOf } from "../study/methods.ts";
import type { Experiment } from "../study/experiment.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import type { NetworkJob } from "../study/study.ts";
import { orderingsOf, type OrderingTest, testOrdering } from "./orderings.ts";
import type { Row } from "./rows.ts";

/** One network of the table. */
export interface Table1Test extends NetworkJob {
  readonly row: Row;
  readonly repeat: number;
  /** Which uniform disturbance of the repeat. */
  readonly draw: number;
  readonly outcome: TestOutcome;
  /** Where it is kept. */
  readonly file: string;
  /** The folder of the search that found the disturbance. */
  readonly run: string | null;
}

/** All that was found out. */
export interface Table1 {
  readonly experiment: Pick<Experiment, "presetName" | "preset" | "seed">;
  /** Which images, for each half. */
  readonly sources: readonly string[];
  readonly rows: readonly Row[];
  readonly tests: readonly Table1Test[];
}

/** A row for one network. */
export interface Cell {
  readonly row: Row;
  readonly network: string;
  /** Accuracy of each repeat, 0 to 1; `null` where a training failed. */
  readonly values: readonly (number | null)[];
}

/** The accuracies of a row, repeat by repeat: the mean over draws. */
export function cellOf({ experiment, tests }: Table1, row: Row, network: string): Cell {
  const values = Array.from({ length: experiment.preset.repeats }, (_, repeat) => {
    const outcomes = tests
      .filter((test) => test.row.name === row.name && test.training.network === network)
      .filter((test) => test.repeat === repeat)
      .map(({ outcome }) => accuracyOf(outcome));
    const accuracies = outcomes.filter((value) => value !== null);
    return accuracies.length < outcomes.length ? null : meanAndDeviation(accuracies).mean;
  });
  return { row, network, values };
}

/** Every row for every network. */
export function cellsOf(table: Table1): Cell[] {
  const { preset } = table.experiment;
  return preset.networks.flatMap((network) => table.rows.map((row) => cellOf(table, row, network)));
}

/** The orderings, tested for each network. */
export function orderingTests(table: Table1): OrderingTest[] {
  const { preset } = table.experiment;
  const valuesOf = (name: string, network: string) =>
    cellOf(table, table.rows.find((row) => row.name === name)!, network).values;
  return preset.networks.flatMap((network) =>
    orderingsOf(preset.pixels).map((ordering) =>
      testOrdering(
        ordering,
        network,
        valuesOf(ordering.higher, network),
        valuesOf(ordering.lower, network),
      )
    )
  );
}
