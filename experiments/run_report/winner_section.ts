/**
 * What the search found.
 *
 * @module
 */
import type { Disturbance } from "../../datasets/mod.ts";
import { significant } from "../../report/numbers.ts";
import { list, note, paragraph, table } from "../../report/page/blocks.ts";
import { disturbanceFigure } from "../../report/figures/disturbance_figure.ts";
import type { Figure } from "../../report/figures/figure.ts";
import type { Html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import type { ReportedRun } from "./reported_run.ts";
import { type FoundWinner, winnerOf } from "./winner.ts";

/** The winner of each run, or its best candidate so far. */
export function winnerSection(runs: readonly ReportedRun[]): Section {
  const prefixOf = ({ name }: ReportedRun) => runs.length === 1 ? "" : `${name}: `;
  const texts: string[] = [];
  const notes: Html[] = [];
  const figures: Figure[] = [];
  const found: NamedWinner[] = [];
  for (const [index, run] of runs.entries()) {
    const winner = winnerOf(run);
    if (!winner) {
      notes.push(note(`${prefixOf(run)}There is no result yet.`));
      continue;
    }
    texts.push(`${prefixOf(run)}${winner.text}`);
    found.push({ ...winner, run });
    const images = run.search?.images;
    if (typeof images === "string") {
      notes.push(
        note(`${prefixOf(run)}There is no picture: the images are not at hand. ${images}`),
      );
    } else if (images) {
      figures.push(disturbanceFigure(images, winner.disturbance!, {
        id: runs.length === 1 ? "winner" : `winner-${index + 1}`,
        title: `${prefixOf(run)}${run.isFinished ? "Winner" : "Best candidate so far"}`,
      }));
    }
  }
  const tables = [pixelTable(found), pointTable(found)].filter((one) => one !== undefined);
  if (runs.length === 1) {
    return {
      title: "Winner",
      content: [...texts.map(paragraph), ...notes, [...figures, ...tables]],
    };
  }
  return { title: "Winners", content: [list(texts), ...notes, figures, ...tables] };
}

/** What a run found, with the run. */
export interface NamedWinner extends FoundWinner {
  readonly run: ReportedRun;
}

/** The pixels of disturbances side by side; `undefined` if there is none. */
export function pixelTable(found: readonly NamedWinner[]): Html | undefined {
  const decoded = found.flatMap(({ run, disturbance }) => disturbance ? { run, disturbance } : []);
  if (decoded.length === 0) return undefined;
  const most = (lengthOf: (disturbance: Disturbance) => number) =>
    Math.max(...decoded.map(({ disturbance }) => lengthOf(disturbance)));
  const classes = Array.from({ length: most((one) => one.classes.length) }, (_, label) => label);
  const pixels = Array.from({ length: most((one) => one.classes[0]!.length) }, (_, pixel) => pixel);
  return table({
    caption: "Disturbed pixels: row and column from 0 at the top left, and the value",
    columns: ["class", "pixel", ...decoded.map(({ run }) => run.name)],
    rows: classes.flatMap((label) =>
      pixels.map((pixel) => [
        classNameOf(found, label),
        pixel,
        ...decoded.map(({ disturbance }) => pixelText(disturbance, label, pixel)),
      ])
    ),
  });
}

function pixelText({ classes, mode }: Disturbance, label: number, pixel: number): string | null {
  const place = classes[label]?.[pixel];
  if (!place) return null;
  const values = place.value.map((value) =>
    `${mode === "add" && value >= 0 ? "+" : ""}${value.toFixed(3)}`
  );
  return `${place.row}, ${place.column}: ${values.join(" ")}`;
}

/** The name, where all runs agree on it. */
function classNameOf(found: readonly NamedWinner[], label: number): string {
  const names = new Set(found.map(({ run }) => {
    const images = run.search!.images;
    return typeof images === "string" ? undefined : images.classNames[label];
  }));
  const [name] = names;
  return names.size === 1 && name !== undefined ? name : `${label}`;
}

/** The coordinates of points side by side; `undefined` if there is none. */
export function pointTable(found: readonly NamedWinner[]): Html | undefined {
  const points = found.flatMap(({ run, x }) => x ? { name: run.name, x } : []);
  if (points.length === 0) return undefined;
  const longest = Math.max(...points.map(({ x }) => x.length));
  return table({
    caption: "Where it is",
    columns: ["coordinate", ...points.map(({ name }) => name)],
    rows: Array.from({ length: longest }, (_, coordinate) => [
      `${coordinate}`,
      ...points.map(({ x }) => {
        const value = x[coordinate];
        return value === undefined ? null : Number(significant(value, 6));
      }),
    ]),
  });
}
