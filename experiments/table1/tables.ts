/**
 * The CSV files of the table. Accuracies are shares, 0 to 1.
 *
 * @module
 */
import type { CsvRow } from "../findings/findings.ts";
import { summaryOf } from "../study/statistics.ts";
import { cellsOf, orderingTests, type Table1 } from "./cells.ts";
import { inPaperMeans } from "./orderings.ts";
import { paperCell, paperNetworkFor } from "./paper.ts";

/** By their names. */
export function table1Tables(table: Table1): Record<string, CsvRow[]> {
  return {
    table1: aggregates(table),
    networks: networks(table),
    orderings: orderings(table),
  };
}

/** A line for each row and network, next to the paper's numbers. */
function aggregates(table: Table1): CsvRow[] {
  return cellsOf(table).map(({ row, network, values }) => {
    const { mean, deviation, failed, whole } = summaryOf(values);
    const paperNetwork = paperNetworkFor(network);
    const [paperMean, paperDeviation] = paperCell(paperNetwork, row.name) ?? [];
    return {
      network,
      method: row.method,
      pixels: row.pixels,
      repeats: values.length,
      failed,
      mean_accuracy: mean,
      deviation,
      lowest: mean === null ? null : Math.min(...whole),
      highest: mean === null ? null : Math.max(...whole),
      paper_network: paperNetwork,
      paper_mean: share(paperMean),
      paper_deviation: share(paperDeviation),
    };
  });
}

/** A line for each network that was trained. */
function networks({ tests }: Table1): CsvRow[] {
  return tests.map(({ training, row, repeat, draw, seed, outcome, run, file }) => {
    const scores = outcome.type === "TestScores" ? outcome : undefined;
    return {
      network: training.network,
      method: row.method,
      pixels: row.pixels,
      repeat,
      draw,
      seed,
      test_accuracy: scores?.testAccuracy ?? null,
      test_loss: scores?.testLoss ?? null,
      perturbed_accuracy: scores?.perturbedAccuracy ?? null,
      failure: outcome.type === "TestFailed" ? outcome.reason : null,
      engine: scores?.engine ?? null,
      search: run,
      file,
    };
  });
}

/** A line for each ordering and network. */
function orderings(table: Table1): CsvRow[] {
  return orderingTests(table).map((test) => {
    const { mean, deviation } = summaryOf(test.differences);
    return {
      higher: test.higher,
      lower: test.lower,
      claimed_by: test.claimedBy,
      network: test.network,
      pairs: test.differences.length,
      mean_difference: mean,
      deviation,
      p: test.p,
      verdict: test.verdict,
      paper_means: inPaperMeans(test),
    };
  });
}

/** The paper's per cent, as the other columns have it. */
function share(percentage: number | undefined): number | null {
  return percentage === undefined ? null : Number((percentage / 100).toFixed(3));
}
