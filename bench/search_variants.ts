/**
 * What makes a search do more harm for as many training images. Each variant may train on as many
 * images as 20 generations of 12 candidates of `class-wise` in the preset `small`:
 *
 *     deno run --allow-ffi --allow-read --allow-write --allow-env --allow-sys --allow-run \
 *       bench/search_variants.ts [DATASET] [FIRST_SEED] [SEEDS]
 *
 * For each seed and variant, two networks are trained on 10,000 images with the best disturbance of
 * the search, chosen by the search itself, and tested on 10,000 clean ones. Their mean is one value.
 * It ends with what the variants differ by from the first one, seed by seed.
 * `runs/search_variants-DATASET.csv` has a line for each search, from the first one on.
 *
 * Everything is kept in `runs/`: a bench that was stopped goes on where it was.
 *
 * DATASET is `mnist` if left out, and the seeds are 21 to 25.
 *
 * @module
 */
// @ts-types="../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import { meanOf } from "../averages.ts";
import { type SearchOptions, searchSchema } from "../actors/configuration.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readBest, readConfiguration } from "../actors/record/run_directory.ts";
import { genomeOf } from "../actors/search_plan.ts";
import { startOf } from "../actors/warm_start.ts";
import type { Disturbance } from "../datasets/mod.ts";
import { meanText, pText } from "../experiments/findings/claims.ts";
import { testPairs } from "../experiments/findings/pairs.ts";
import { small } from "../experiments/presets/small.ts";
import { presetSearch, repeatSeeds } from "../experiments/study/experiment.ts";
import { accuracyOf } from "../experiments/study/methods.ts";
import { repeatNetwork, type RepeatSearch } from "../experiments/study/repeats.ts";
import { Study } from "../experiments/study/study.ts";
import { summaryOf } from "../experiments/study/statistics.ts";
import { layOut } from "../experiments/terminal/table.ts";
import { writeWhole } from "../report/figures/figure.ts";

/** How a search differs from that of the preset. */
interface Variant extends SearchOptions {
  /** A search that this one starts from, which is paid for, too. */
  readonly after?: Variant;
  /** One of a set that this one starts from, which is not paid for. */
  readonly afterSet?: string;
}

const CLASS_WISE = { strategy: "class-wise", generations: 20, finalistRepeats: 0 } as const;
const OTHER_SET = { mnist: "fashion-mnist", "fashion-mnist": "mnist" } as const;

function variantsFor(dataset: keyof typeof OTHER_SET): Record<string, Variant> {
  return {
    "class-wise": CLASS_WISE,
    "common seeds": { ...CLASS_WISE, seeds: "common" },
    // It trains on 60 % of the images of each candidate, in the mean.
    "median pruner": { ...CLASS_WISE, pruner: "median", generations: 33 },
    "half the images, twice the generations": { ...CLASS_WISE, trainSize: 500, generations: 40 },
    "half the images at first": {
      ...CLASS_WISE,
      generations: 10,
      sigma: 0.2,
      after: { ...CLASS_WISE, trainSize: 500 },
    },
    "population 24": { ...CLASS_WISE, population: 24, generations: 10 },
    "one cma-es after half": {
      ...CLASS_WISE,
      strategy: "cma-es",
      generations: 10,
      sigma: 0.2,
      after: { ...CLASS_WISE, generations: 10 },
    },
    "finalists again": { ...CLASS_WISE, generations: 17, finalists: 6, finalistRepeats: 6 },
    "from the other set": { ...CLASS_WISE, sigma: 0.2, afterSet: OTHER_SET[dataset] },
  };
}

/** Images that a search has trained on, passes counted each: repeats of finalists, too. */
async function trainedImages(directory: string): Promise<number> {
  const { trainSize, epochs } = readConfiguration(directory, "search", searchSchema);
  const { events } = await readJournal(`${directory}/journal.jsonl`);
  return events.reduce((sum, event) => {
    if (event.type !== "Evaluated") return sum;
    const passes = event.status === "pruned" ? Object.keys(event.reports!).length : epochs;
    return sum + passes * trainSize;
  }, 0);
}

const [dataset = "mnist", firstSeed = "21", seeds = "5"] = Deno.args;
if (!Object.hasOwn(OTHER_SET, dataset)) {
  console.error(
    `DATASET must be one of ${Object.keys(OTHER_SET).join(", ")}, received "${dataset}"`,
  );
  Deno.exit(2);
}
const [first, count] = [Number(firstSeed), Number(seeds)];
if (!Number.isSafeInteger(first) || first < 0 || !Number.isSafeInteger(count) || count < 1) {
  console.error(`The seeds must be integers, received "${firstSeed}" and "${seeds}"`);
  Deno.exit(2);
}
const variants = variantsFor(dataset as keyof typeof OTHER_SET);
using study = await Study.open({
  name: "search_variants",
  command: `deno run ... bench/search_variants.ts ${Deno.args.join(" ")}`,
  runs: "runs",
  devices: ["auto"],
  engine: "auto",
  backend: "auto",
});

/** A search that was done, and the images that were trained on for it. */
interface Found {
  readonly asked: RepeatSearch;
  readonly directory: string;
  readonly disturbance: Disturbance;
  readonly images: number;
}

async function search(
  name: string,
  seed: number,
  { after, afterSet, ...own }: Variant,
  set = dataset,
): Promise<Found> {
  const before = after
    ? await search(`${name}, begun`, seed, after)
    : afterSet
    ? await search(`${name}, ${afterSet}`, seed, CLASS_WISE, afterSet)
    : undefined;
  const preset = { ...small, dataset: set };
  const options = presetSearch(preset, 1, repeatSeeds(seed, 0));
  const asked: RepeatSearch = {
    preset,
    seed,
    repeat: 0,
    label: `seed ${seed}, ${name}`,
    method: name.replaceAll(/\W+/g, "-"),
    options: { ...options, ...own, ...(before && await startFrom(before.directory, set)) },
  };
  const { directory, disturbance } = await study.search(asked);
  const images = (after ? before!.images : 0) + await trainedImages(directory);
  return { asked, directory, disturbance, images };
}

/** The option that starts from a run, with what was read there: as its `config.json` will have it. */
async function startFrom(
  directory: string,
  set: string,
): Promise<Pick<SearchOptions, "warmStart">> {
  const { train } = await study.data(set);
  const genome = genomeOf({ pixels: 1, perturbation: "add" }, train);
  const { warmStart } = await startOf({ warmStart: directory }, genome, undefined);
  return { warmStart };
}

/** A line of the CSV file: a search, and the networks that were trained on what it found. */
type Row = {
  readonly dataset: string;
  readonly seed: number;
  readonly variant: string;
  readonly trained_images: number;
  readonly best_fitness: number;
  readonly network_1: number | null;
  readonly network_2: number | null;
};

const rows: Row[] = [];
for (let seed = first; seed < first + count; seed++) {
  for (const [variant, options] of Object.entries(variants)) {
    const { asked, directory, disturbance, images } = await search(variant, seed, options);
    const tests = await study.test([0, 1].map((number) => ({
      ...repeatNetwork(asked, "mddes", { number }),
      disturbance,
      label: `${asked.label}, network ${number + 1}`,
    })));
    const [network_1, network_2] = tests.map(({ outcome }) => accuracyOf(outcome));
    rows.push({
      dataset,
      seed,
      variant,
      trained_images: images,
      best_fitness: readBest(directory).searchFitness,
      network_1: network_1!,
      network_2: network_2!,
    });
    writeWhole(
      `runs/search_variants-${dataset}.csv`,
      stringify(rows, { columns: Object.keys(rows[0]!) }),
    );
  }
}

/** Of a variant, seed by seed: the mean of the networks; `null` where one of them failed. */
function accuraciesOf(variant: string): (number | null)[] {
  return rows.filter((row) => row.variant === variant).map(({ network_1, network_2 }) => {
    const { mean, failed } = summaryOf([network_1, network_2]);
    return failed > 0 ? null : mean;
  });
}

const names = Object.keys(variants);
console.log(layOut([
  ["variant", "trained images", "accuracy, %", "less than the first one by", "p, one-sided"],
  ...names.map((variant) => {
    const images = rows.filter((row) => row.variant === variant).map((row) => row.trained_images);
    const { differences, p } = testPairs(accuraciesOf(names[0]!), accuraciesOf(variant));
    return [
      variant,
      meanOf(images).toFixed(0),
      meanText(accuraciesOf(variant)),
      ...(variant === names[0] ? [] : [meanText(differences), pText(p) ?? ""]),
    ];
  }),
]));
