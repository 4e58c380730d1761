/**
 * What decides the course of a search over disturbances: the box that it searches, and its options.
 *
 * @module
 */
import type { GenomeSpec, Shape } from "../datasets/mod.ts";
import type { AnyStrategy } from "../strategies/mod.ts";
import type { CheckedSearch } from "./configuration.ts";
import { type SearchPlan, stalenessOf } from "./population/search_progress.ts";

/** What a search's points describe. */
export function genomeOf(
  { pixels, perturbation }: Pick<CheckedSearch, "pixels" | "perturbation">,
  { shape, classNames }: { readonly shape: Shape; readonly classNames: readonly string[] },
): GenomeSpec {
  return { classes: classNames.length, pixels, shape, mode: perturbation };
}

/**
 * The plan of a search.
 *
 * @param mean Where it starts, a point of the search box, length N.
 */
export function searchPlan(
  options: CheckedSearch,
  genome: GenomeSpec,
  mean: readonly number[],
  strategy: AnyStrategy,
): SearchPlan {
  return {
    mean,
    bounds: { lower: mean.map(() => 0), upper: mean.map(() => 1) },
    integers: cellsOf(genome),
    blocks: classesOf(genome),
    sigma: options.sigma,
    populationSize: options.population,
    generations: options.generations,
    strategy,
    mode: options.mode,
    staleness: stalenessOf(options),
    finalists: options.finalists,
    finalistRepeats: options.finalistRepeats,
    seed: options.seed,
    seeds: options.seeds,
  };
}

/** Rows and columns are integers in disguise: a pixel is a cell of the search box. */
function cellsOf({ classes, pixels, shape: [channels, height, width] }: GenomeSpec) {
  const pixel = [
    { step: 1 / height, origin: 0 },
    { step: 1 / width, origin: 0 },
    ...new Array<null>(channels).fill(null),
  ];
  return Array.from({ length: classes * pixels }, () => pixel).flat();
}

/** The class whose pixels each coordinate describes. */
function classesOf({ classes, pixels, shape: [channels] }: GenomeSpec): number[] {
  return Array.from(
    { length: classes },
    (_, label) => new Array<number>(pixels * (2 + channels)).fill(label),
  ).flat();
}
