/**
 * Where the candidates put their pixels, and how that changed over the generations.
 *
 * @module
 */
import { decode, type Disturbance, type GenomeSpec, type Split } from "../../datasets/mod.ts";
import { note } from "../../report/page/blocks.ts";
import type { Figure, FigureRow } from "../../report/figures/figure.ts";
import type { Block, Section } from "../../report/page/page.ts";
import { panelFigure } from "../../report/figures/panel_figure.ts";
import type { EvaluatedCandidate } from "../../actors/open_run.ts";
import { genomeSpecOf, type ReportedRun } from "./reported_run.ts";
import { shorten } from "../../report/figures/svg.ts";

/** Early, middle and late. */
const STAGES = 3;

/** Of more candidates every second, third, ... is looked at, which shows the same. */
const MOST_CANDIDATES = 3000;

/** Room for the name of a run above a picture, in units of the figure. */
const NAME_WIDTH = 70;

/** Heat maps of the positions; `undefined` for runs of `minimize`. */
export function positionsSection(runs: readonly ReportedRun[]): Section | undefined {
  if (runs.some(({ search }) => !search)) return undefined;
  const content: (Block | Block[])[] = [];
  const drawable: DrawableRun[] = [];
  for (const run of runs) {
    const { configuration, images } = run.search!;
    if (typeof images === "string") {
      content.push(note(`${run.name}: the shape of the images is not known. ${images}`));
    } else if (run.candidates.length === 0) {
      content.push(note(`${run.name}: there is no result yet.`));
    } else drawable.push({ run, images, spec: genomeSpecOf(configuration, images) });
  }
  if (drawable.length > 0) {
    const [only] = drawable;
    const figures = [stagesFigure(drawable)];
    if (runs.length === 1) figures.push(classesFigure(only!));
    content.push(figures);
  }
  return { title: "Pixel positions", content };
}

interface DrawableRun {
  readonly run: ReportedRun;
  readonly images: Split<"train">;
  readonly spec: GenomeSpec;
}

/** Candidates of some generations, the ends included. */
interface Stage {
  readonly from: number;
  readonly to: number;
  readonly disturbances: readonly Disturbance[];
}

/** How many parts the generations of a run can have. */
function stageCount({ candidates }: ReportedRun, most = STAGES): number {
  return Math.min(most, candidates.at(-1)!.generation + 1);
}

/** Generations in parts of the same length, as far as possible. */
function stagesOf({ run: { candidates }, spec }: DrawableRun, stages: number): Stage[] {
  const count = candidates.at(-1)!.generation + 1;
  return Array.from({ length: stages }, (_, stage) => {
    const from = Math.floor((stage * count) / stages);
    const to = Math.floor(((stage + 1) * count) / stages) - 1;
    const isInside = ({ generation }: EvaluatedCandidate) => generation >= from && generation <= to;
    const inside = candidates.filter(isInside);
    const step = Math.ceil(stages * inside.length / MOST_CANDIDATES);
    const disturbances = inside.filter((_, index) => index % step === 0)
      .map(({ genome }) => decode(genome, spec));
    return { from, to, disturbances };
  });
}

function stagesFigure(drawable: readonly DrawableRun[]): Figure {
  const across = Math.min(...drawable.map(({ run }) => stageCount(run)));
  const stages = drawable.flatMap((one) =>
    stagesOf(one, across).map((stage) => ({ ...one, ...stage }))
  );
  // One size for all, so that their colours can be compared.
  const size = Math.max(
    ...stages.map(({ disturbances, spec }) =>
      squareSize(disturbances.length * spec.pixels * spec.classes, spec)
    ),
  );
  const maps = stages.map(({ run, spec, from, to, disturbances }) => ({
    title: `${drawable.length === 1 ? "gen." : shorten(run.name, NAME_WIDTH)} ${
      range({ from, to })
    }`,
    key: { run: run.name, from_generation: from, to_generation: to },
    values: sharesOf(disturbances, spec, size),
  }));
  return panelFigure({
    id: "positions",
    title: "Positions over the generations",
    description:
      `Share of the candidates' pixels, of all classes, that lie ${places(size)}. Each ` +
      "picture is for some generations, from early to late. An even colour means that the search " +
      "has no preference yet.",
    panels: maps.map(({ title, values }) => ({ title, image: { values } })),
    across,
    scale: { label: "share of the pixels", domain: [0, highest(maps)] },
    rows: maps.flatMap(({ key, values }) => cellsOf(values, size, key)),
  });
}

/**
 * The same as a picture for each of many stages, in order, to be played. All have the data of all.
 *
 * @returns Nothing for runs without results or without images.
 */
export function positionFrames(run: ReportedRun, most: number): Figure[] {
  if (!run.search || typeof run.search.images === "string" || run.candidates.length === 0) {
    return [];
  }
  const spec = genomeSpecOf(run.search.configuration, run.search.images);
  const drawable = { run, spec, images: run.search.images };
  const stages = stagesOf(drawable, stageCount(run, most))
    .filter(({ disturbances }) => disturbances.length > 0);
  const fewest = Math.min(...stages.map(({ disturbances }) => disturbances.length));
  const size = squareSize(fewest * spec.pixels * spec.classes, spec);
  const maps = stages.map((stage) => ({
    ...stage,
    values: sharesOf(stage.disturbances, spec, size),
  }));
  const domain: [number, number] = [0, highest(maps)];
  const rows = maps.flatMap(({ from, to, values }) =>
    cellsOf(values, size, { from_generation: from, to_generation: to })
      .filter(({ share }) => share !== 0)
  );
  return maps.map(({ from, to, values }) =>
    panelFigure({
      id: "map",
      title: `Pixels in ${from === to ? "generation" : "generations"} ${range({ from, to })}`,
      description: `Share of the candidates' pixels, of all classes, that lie ${places(size)}.`,
      panels: [{ title: `gen. ${range({ from, to })}`, image: { values } }],
      across: 1,
      scale: { label: "share of the pixels", domain },
      rows,
    })
  );
}

function classesFigure(drawable: DrawableRun): Figure {
  const { run, images, spec } = drawable;
  const last = stagesOf(drawable, stageCount(run)).at(-1)!;
  const size = squareSize(last.disturbances.length * spec.pixels, spec);
  const maps = images.classNames.map((name, label) => ({
    name,
    values: sharesOf(last.disturbances, spec, size, label),
  }));
  return panelFigure({
    id: "positions-of-classes",
    title: "Latest positions of each class",
    description: `Share of a class's pixels that lie ${places(size)}, in generations ` +
      `${range(last)}.`,
    panels: maps.map(({ name, values }) => ({ title: name, image: { values } })),
    across: Math.min(5, maps.length),
    scale: { label: "share of the pixels", domain: [0, highest(maps)] },
    rows: maps.flatMap(({ name, values }) => cellsOf(values, size, { class: name })),
  });
}

function range({ from, to }: Pick<Stage, "from" | "to">): string {
  return from === to ? `${from}` : `${from}–${to}`;
}

/** Fewer pixels than this to a square show chance and not a preference. */
const ENOUGH_PIXELS = 4;

/** Side of the squares to count in: 1, 2 or 4, by how many pixels there are. */
function squareSize(pixels: number, { shape: [, height, width] }: GenomeSpec): number {
  return [1, 2].find((size) => pixels * size ** 2 >= ENOUGH_PIXELS * height * width) ?? 4;
}

function places(size: number): string {
  return size === 1 ? "on each place of the image" : `in each square of ${size} by ${size} places`;
}

/** For each square the share of the pixels that lie in it, of one class or of all. */
function sharesOf(
  disturbances: readonly Disturbance[],
  spec: GenomeSpec,
  size: number,
  label?: number,
): number[][] {
  const [rows, columns] = [Math.ceil(spec.shape[1] / size), Math.ceil(spec.shape[2] / size)];
  const shares = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const classes = label === undefined ? spec.classes : 1;
  const each = 1 / (disturbances.length * spec.pixels * classes);
  for (const disturbance of disturbances) {
    const pixels = label === undefined ? disturbance.classes.flat() : disturbance.classes[label]!;
    for (const { row, column } of pixels) {
      shares[Math.floor(row / size)]![Math.floor(column / size)]! += each;
    }
  }
  return shares;
}

function highest(maps: readonly { readonly values: readonly (readonly number[])[] }[]): number {
  return Math.max(...maps.map(({ values }) => Math.max(...values.map((row) => Math.max(...row)))));
}

/** One line for each square; row and column are those of its upper left corner. */
function cellsOf(
  values: readonly (readonly number[])[],
  size: number,
  key: FigureRow,
): FigureRow[] {
  return values.flatMap((line, row) =>
    line.map((share, column) => ({ ...key, row: row * size, column: column * size, size, share }))
  );
}
