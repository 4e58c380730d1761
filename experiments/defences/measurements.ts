/**
 * What was measured of defences: accuracies of networks, method by method.
 *
 * @module
 */
import type { Method } from "../../actors/testing/methods.ts";
import type { DefenceName } from "../../datasets/defences/defences.ts";
import { accuracyOf } from "../study/methods.ts";
import type { CsvRow } from "../findings/findings.ts";
import { summaryOf } from "../study/statistics.ts";
import type { NetworkJob, TestedNetwork } from "../study/study.ts";
import { published } from "./published.ts";

/** A column of the table. */
export type Column = DefenceName | "none";

/** A network that is trained on images of a method, with a defence. */
export interface DefendedNetwork extends NetworkJob {
  readonly method: string;
  readonly column: Column;
  /** Which of the method's disturbances, from 0. */
  readonly draw: number;
  /** Which of the seeds that it was trained with, from 0. */
  readonly repeat: number;
}

/** One that was tested. */
export type Test = TestedNetwork<DefendedNetwork>;

/** The networks of all methods and columns; those of a repeat have one seed. */
export function networksOf(
  methods: readonly Method[],
  columns: readonly Column[],
  seeds: readonly number[],
  { dataset, training, subset }: Pick<NetworkJob, "dataset" | "training" | "subset">,
): DefendedNetwork[] {
  return columns.flatMap((column) =>
    methods.flatMap(({ name, disturbances }) =>
      disturbances.flatMap((disturbance, draw) =>
        seeds.map((seed, repeat) => ({
          method: name,
          column,
          draw,
          repeat,
          label: `${column}, ${name}${disturbances.length === 1 ? "" : ` ${draw + 1}`}, ` +
            `repeat ${repeat + 1}`,
          dataset,
          disturbance,
          training: column === "none" ? training : { ...training, defences: [column] },
          subset,
          seed,
        }))
      )
    )
  );
}

/** Accuracies on clean test images, 0 to 1; `null` where the training failed. */
export function accuraciesOf(
  tests: readonly Test[],
  method: string,
  column: Column,
): (number | null)[] {
  return tests
    .filter(({ job }) => job.method === method && job.column === column)
    .map(({ outcome }) => accuracyOf(outcome));
}

/** The methods and columns of tests, in their order. */
export function axesOf(tests: readonly Test[]): { methods: string[]; columns: Column[] } {
  return {
    methods: [...new Set(tests.map(({ job }) => job.method))],
    columns: [...new Set(tests.map(({ job }) => job.column))],
  };
}

/** `defences.csv` and `networks.csv`. Accuracies are shares, 0 to 1. */
export function defenceTables(tests: readonly Test[]): Record<string, CsvRow[]> {
  const { methods, columns } = axesOf(tests);
  return {
    defences: methods.flatMap((method) =>
      columns.map((column): CsvRow => {
        const { whole, failed, mean, deviation } = summaryOf(accuraciesOf(tests, method, column));
        const others = published(column);
        return {
          method,
          defence: column,
          networks: whole.length + failed,
          failed,
          mean_accuracy: mean,
          deviation,
          lowest: mean === null ? null : Math.min(...whole),
          highest: mean === null ? null : Math.max(...whole),
          published_ops_cifar10_resnet18: others === undefined
            ? null
            : Number((others / 100).toFixed(4)),
        };
      })
    ),
    networks: tests.map(({ job, outcome, file }): CsvRow => {
      const scores = outcome.type === "TestScores" ? outcome : undefined;
      return {
        method: job.method,
        defence: job.column,
        draw: job.draw,
        repeat: job.repeat,
        seed: job.seed,
        test_accuracy: scores?.testAccuracy ?? null,
        test_loss: scores?.testLoss ?? null,
        perturbed_accuracy: scores?.perturbedAccuracy ?? null,
        engine: scores?.engine ?? null,
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        file,
      };
    }),
  };
}
