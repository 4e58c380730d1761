/**
 * What was measured for figure 2: repeat by repeat, where networks look, and errors.
 *
 * @module
 */
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { accuracyOf } from "../study/methods.ts";
import { type Claim, claimRows } from "../findings/claims.ts";
import type { CsvRow } from "../findings/findings.ts";
import type { RepeatNetwork } from "../study/repeats.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import type { FoundDisturbance, TestedNetwork } from "../study/study.ts";
import type { AttentionMaps } from "./attention.ts";
import type { BestSoFar } from "../study/search_history.ts";

/** Which network is shown which test images. */
export interface View {
  readonly trainedOn: "clean" | "mddes";
  readonly shown: "clean" | "mddes";
}

/** Who looks, in the order of the figure. */
export const VIEWS: readonly View[] = [
  { trainedOn: "clean", shown: "clean" },
  { trainedOn: "mddes", shown: "clean" },
  { trainedOn: "mddes", shown: "mddes" },
];

/** Where networks look; a view whose network could not be trained has none. */
export type Attention = ReadonlyMap<View, AttentionMaps>;

/** One repeat: a search, and networks that were trained on what it found. */
export interface Repeat extends FoundDisturbance {
  readonly dataset: string;
  readonly repeat: number;
  /** Trained on clean images. */
  readonly clean: TestedNetwork<RepeatNetwork>;
  /** Trained on images with the winner. */
  readonly mddes: TestedNetwork<RepeatNetwork>;
  readonly attention: Attention;
  /** Trained on images with the best candidate up to each generation. */
  readonly history: readonly (BestSoFar & { readonly outcome: TestOutcome })[];
}

/** Whether the images have one: it was looked for in grey ones. */
export function isBackgroundDefined(repeats: readonly Repeat[]): boolean {
  return repeats.some(({ attention }) =>
    [...attention.values()].some(({ classes }) => classes.some((own) => own.background !== null))
  );
}

/**
 * The mean over classes of a share: of a view's maps on the background, or of the images'
 * background itself; `null` where there is none.
 */
export function onBackground(
  { attention }: Repeat,
  view: View,
  what: "onBackground" | "background" = "onBackground",
): number | null {
  const shares = (attention.get(view)?.classes ?? []).flatMap((own) => own[what] ?? []);
  return shares.length === 0 ? null : meanAndDeviation(shares).mean;
}

/** The share of a view's images whose map is 0 everywhere; `null` where there are no maps. */
export function emptyMaps({ attention }: Repeat, view: View): number | null {
  const classes = attention.get(view)?.classes;
  if (!classes) return null;
  const sum = (what: "empty" | "images") => classes.reduce((total, own) => total + own[what], 0);
  return sum("empty") / sum("images");
}

/** The error, 0 to 1, of the network for the best candidate up to a generation. */
export function errorAt({ history }: Repeat, generation: number): number | null {
  const entry = history.find((one) => one.generation === generation);
  const value = entry ? accuracyOf(entry.outcome) : null;
  return value === null ? null : 1 - value;
}

/** From the first generation that any repeat has to the last one. */
export function generationsOf(repeats: readonly Repeat[]): number[] {
  return [...new Set(repeats.flatMap(({ history }) => history.map((one) => one.generation)))]
    .sort((a, b) => a - b);
}

/** What the paper says, of one set of images. */
export function claimsOf(repeats: readonly Repeat[]): Claim[] {
  const generations = generationsOf(repeats);
  const [first, last] = [generations[0] ?? 0, generations.at(-1) ?? 0];
  return [
    {
      claim: `The error grows from generation ${first + 1} to ${last + 1}`,
      higher: repeats.map((repeat) => errorAt(repeat, last)),
      lower: repeats.map((repeat) => errorAt(repeat, first)),
    },
    ...(isBackgroundDefined(repeats)
      ? VIEWS.slice(1).map((view) => ({
        claim: "Training on disturbed images moves the attention to the background, on " +
          `${view.shown === "clean" ? "clean" : "disturbed"} test images`,
        higher: repeats.map((repeat) => onBackground(repeat, view)),
        lower: repeats.map((repeat) => onBackground(repeat, VIEWS[0]!)),
      }))
      : []),
  ];
}

/** `generations.csv`, `attention.csv` and `claims.csv`. */
export function figure2Tables(repeats: readonly Repeat[]): Record<string, CsvRow[]> {
  return {
    generations: repeats.flatMap(({ dataset, repeat, directory, history }) =>
      history.map(({ generation, fitness, outcome }) => ({
        dataset,
        repeat,
        generations: generation + 1,
        best_fitness: fitness,
        test_accuracy: accuracyOf(outcome),
        failure: outcome.type === "TestFailed" ? outcome.reason : null,
        search: directory,
      }))
    ),
    attention: repeats.flatMap(({ dataset, repeat, attention }) =>
      [...attention].flatMap(([{ trainedOn, shown }, { classes }]) =>
        classes.map(({ images, empty, onBackground, background }, label) => ({
          dataset,
          repeat,
          trained_on: trainedOn,
          shown,
          class: label,
          images,
          maps_without_attention: empty,
          share_on_background: onBackground,
          background,
        }))
      )
    ),
    claims: [...Map.groupBy(repeats, ({ dataset }) => dataset)]
      .flatMap(([dataset, own]) => claimRows(dataset, claimsOf(own))),
  };
}
