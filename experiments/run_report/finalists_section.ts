/**
 * The finalists: what remains of a good result with fresh seeds.
 *
 * @module
 */
import { meanAndDeviation } from "../study/statistics.ts";
import { significant } from "../../report/numbers.ts";
import { type Bar, barFigure } from "../../report/figures/bar_figure.ts";
import { paragraph, table } from "../../report/page/blocks.ts";
import { measureOf } from "./measure.ts";
import type { Section } from "../../report/page/page.ts";
import type { ReportedRun } from "./reported_run.ts";

interface Finalist {
  readonly run: string;
  /** `generation/candidate`. */
  readonly name: string;
  readonly searchFitness: number;
  /** With fresh seeds, as far as they did not fail. */
  readonly fitness: readonly number[];
  readonly failed: number;
}

/** How good the finalists were in the search and with fresh seeds. */
export function finalistsSection(runs: readonly ReportedRun[]): Section {
  const finalists = runs.flatMap(finalistsOf);
  const title = "Finalists";
  if (finalists.length === 0) {
    return { title, content: [paragraph("No candidate was evaluated again with fresh seeds.")] };
  }
  const { word, of } = measureOf(runs[0]!);
  const bars = finalists.flatMap(({ run, name, searchFitness, fitness }): Bar[] => {
    const category = runs.length === 1 ? name : `${name}, ${run}`;
    const inSearch = { category, group: "in the search", value: of(searchFitness) };
    if (fitness.length === 0) return [inSearch];
    const values = fitness.map(of);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const { mean } = meanAndDeviation(values);
    return [inSearch, { category, group: "fresh seeds", value: mean, low, high }];
  });
  const figure = barFigure({
    id: "finalists",
    title,
    description: `The ${word} of the best candidates in the search, and the mean and range with ` +
      "fresh seeds. The first is the best of many and therefore partly luck; the second decides.",
    category: "candidate",
    group: "evaluation",
    value: { column: word },
    bars,
    mark: "dot",
  });
  const rows = finalists.map(({ run, name, searchFitness, fitness, failed }) => {
    const { mean, deviation } = meanAndDeviation(fitness);
    return [
      runs.length === 1 ? name : `${name}, ${run}`,
      rounded(of(searchFitness)),
      fitness.length === 0 ? null : rounded(of(mean)),
      deviation === null ? null : Number(significant(deviation, 2)),
      fitness.length,
      failed,
    ];
  });
  const columns = ["candidate", "in the search", "fresh seeds", "deviation", "seeds", "failed"];
  return {
    title,
    content: [
      [
        figure,
        table({ caption: `The ${word} of the finalists, the best first`, columns, rows }),
      ],
    ],
  };
}

function finalistsOf({ name, candidates, finalists }: ReportedRun): Finalist[] {
  const found = candidates.flatMap(({ generation, candidate, fitness }) => {
    const again = finalists.filter((one) =>
      one.generation === generation && one.candidate === candidate
    );
    if (again.length === 0 || fitness === null) return [];
    const values = again.flatMap((one) => one.fitness ?? []);
    return [{
      run: name,
      name: `${generation}/${candidate}`,
      searchFitness: fitness,
      fitness: values,
      failed: again.length - values.length,
    }];
  });
  const score = ({ fitness }: Finalist) =>
    fitness.length === 0 ? -Infinity : meanAndDeviation(fitness).mean;
  return found.sort((a, b) => score(b) - score(a));
}

function rounded(value: number): number {
  return Number(significant(value, 4));
}
