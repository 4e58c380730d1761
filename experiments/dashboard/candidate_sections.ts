/**
 * One candidate: its pixels, its scores, its times.
 *
 * @module
 */
import type { EvaluatedCandidate } from "../../actors/record/facts.ts";
import { decode } from "../../datasets/mod.ts";
import { durationText } from "../../duration.ts";
import { ConfigurationError } from "../../options.ts";
import { disturbanceFigure } from "../../report/figures/disturbance_figure.ts";
import { significant } from "../../report/numbers.ts";
import { list, note, paragraph, table } from "../../report/page/blocks.ts";
import type { Section } from "../../report/page/page.ts";
import { measureOf } from "../run_report/measure.ts";
import { momentText } from "../run_report/moment.ts";
import { genomeSpecOf, type ReportedRun } from "../run_report/reported_run.ts";
import { pixelTable, pointTable } from "../run_report/winner_section.ts";

/**
 * What is known of a candidate.
 *
 * @param wanted `GENERATION/CANDIDATE`.
 * @throws {ConfigurationError} If there is no such candidate with a result.
 */
export function candidateSections(run: ReportedRun, wanted: string): Section[] {
  const isWanted = ({ generation, candidate }: EvaluatedCandidate) =>
    `${generation}/${candidate}` === wanted;
  const all = [...run.candidates.filter(isWanted), ...run.finalists.filter(isWanted)];
  const [one] = all;
  if (!one) {
    throw new ConfigurationError(
      `There is no result of candidate ${
        JSON.stringify(wanted)
      } in ${run.name}; expected such as 3/5`,
    );
  }
  return [
    { title: "Result", content: resultsOf(run, all) },
    { title: run.search ? "Pixels" : "Point", content: [pixelsOf(run, one)] },
    { title: "Times", content: [timesOf(run, all)] },
  ];
}

function resultsOf({ kind }: ReportedRun, all: readonly EvaluatedCandidate[]) {
  const [one] = all;
  const { word, of } = measureOf({ kind });
  const reasons = all.flatMap(({ repeat, status, reason }) =>
    reason === null ? [] : [`${partOf(repeat)}: ${status}. ${reason}`]
  );
  // Of an objective of one's own it is the only score.
  const scores = [...new Set(all.flatMap(({ scores }) => Object.keys(scores)))]
    .filter((name) => name !== word);
  const rows = all.map((each) => [
    partOf(each.repeat),
    each.status,
    each.fitness === null ? null : rounded(of(each.fitness)),
    ...scores.map((name) => each.scores[name] === undefined ? null : rounded(each.scores[name])),
    each.age,
    `${each.seed}`,
  ]);
  return [
    paragraph(
      `Drawn in generation ${one!.generation} from distribution ${one!.distribution}.`,
    ),
    ...(reasons.length > 0 ? [list(reasons)] : []),
    table({
      caption: "Scores",
      columns: ["part", "status", word, ...scores.map(inWords), "age", "seed"],
      rows,
    }),
  ];
}

function pixelsOf(run: ReportedRun, { genome, generation, candidate }: EvaluatedCandidate) {
  if (!run.search) return [pointTable([{ text: "", run, x: genome }])!];
  const { configuration, images } = run.search;
  if (typeof images === "string") {
    return [note(`There is no picture: the images are not at hand. ${images}`)];
  }
  const disturbance = decode(genome, genomeSpecOf(configuration, images));
  return [
    disturbanceFigure(images, disturbance, {
      id: "candidate",
      title: `Candidate ${generation}/${candidate}`,
    }),
    pixelTable([{ text: "", run, disturbance }])!,
  ];
}

function timesOf(run: ReportedRun, all: readonly EvaluatedCandidate[]) {
  const rows = all.flatMap(({ repeat, timings }) =>
    Object.entries(timings).map(([part, timing]) => [
      `${partOf(repeat)}, ${part}`,
      timing.slot,
      timing.device,
      timing.engine,
      timing.attempt,
      momentText(run, timing.startedAt),
      durationText(timing.queuedMs),
      durationText(timing.busyMs),
      Math.round(timing.imagesPerSecond),
    ])
  );
  if (rows.length === 0) return paragraph("Nobody finished a part of it.");
  const columns = ["part", "slot", "device", "engine", "attempt", "began", "waited", "took"];
  return table({ caption: "Where and when", columns: [...columns, "images/s"], rows });
}

function partOf(repeat: number): string {
  return repeat === 0 ? "search" : `finalist, repeat ${repeat}`;
}

/** `cleanAccuracy` is `clean accuracy`. */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function rounded(value: number): number {
  return Number(significant(value, 4));
}
