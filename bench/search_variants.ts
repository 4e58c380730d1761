/**
 * What makes a search do more harm for as many training images. Each variant may train on as many
 * images as 20 generations of 12 candidates of `class-wise` in the preset `small`:
 *
 *     deno run --allow-ffi --allow-read --allow-write --allow-env --allow-sys --allow-run \
 *       bench/search_variants.ts [DATASET] [FIRST_SEED] [SEEDS]
 *
 * For each seed and variant, networks are trained on 10,000 images with the best disturbance of the
 * search, chosen by what the search has seen of it, and tested on 10,000 clean ones. The mean of the
 * networks is one value. It ends with what the variants differ by from the first one, seed by seed.
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
import { type SearchOptions, searchSchema } from "../actors/configuration.ts";
import { readJournal } from "../actors/record/journal.ts";
import { readBest, readConfiguration } from "../actors/record/run_directory.ts";
import { genomeOf } from "../actors/search_plan.ts";
import { startOf } from "../actors/warm_start.ts";
import { type Claim, meanText, pText } from "../experiments/findings/claims.ts";
import { testPairs } from "../experiments/findings/pairs.ts";
import { small } from "../experiments/presets/small.ts";
import { presetTraining } from "../experiments/presets/training.ts";
import { presetSearch, presetSubset, repeatSeeds } from "../experiments/study/experiment.ts";
import { accuracyOf } from "../experiments/study/methods.ts";
import { Study, type StudySearch } from "../experiments/study/study.ts";
import { summaryOf } from "../experiments/study/statistics.ts";
import { layOut } from "../experiments/terminal/table.ts";
import { deriveSeed } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";

const NETWORKS = 2;

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
  command: `the same again`,
  runs: "runs",
  devices: ["auto"],
  engine: "auto",
  backend: "auto",
});

async function search(name: string, seed: number, variant: Variant, set = dataset) {
  const { after, afterSet, ...own } = variant;
  let options: SearchOptions = {
    ...presetSearch({ ...small, dataset: set }, 1, repeatSeeds(seed, 0)),
    ...own,
  };
  let images = 0;
  const before = after
    ? await search(`${name}, begun`, seed, after)
    : afterSet
    ? await search(`${name}, ${afterSet}`, seed, CLASS_WISE, afterSet)
    : undefined;
  if (before) {
    const { train } = await study.data(set);
    const genome = genomeOf({ pixels: 1, perturbation: "add" }, train);
    const { warmStart } = await startOf({ warmStart: before.directory }, genome, undefined);
    options = { ...options, warmStart };
    if (after) images = before.images;
  }
  const asked: StudySearch = {
    label: `seed ${seed}, ${name}`,
    method: name.replaceAll(/\W+/g, "-"),
    options,
  };
  const { directory, disturbance } = await study.search(asked);
  return { directory, disturbance, images: images + await trainedImages(directory) };
}

const rows: Record<string, string | number>[] = [];
const accuracies = new Map<string, (number | null)[]>();
for (let seed = first; seed < first + count; seed++) {
  for (const [name, variant] of Object.entries(variants)) {
    const { directory, disturbance, images } = await search(name, seed, variant);
    const own = repeatSeeds(seed, 0);
    const tests = await study.test(
      Array.from({ length: NETWORKS }, (_, number) => ({
        label: `seed ${seed}, ${name}, network ${number + 1}`,
        dataset,
        disturbance,
        training: presetTraining({ ...small, dataset }, small.networks[0]!),
        subset: presetSubset(small, own),
        seed: deriveSeed(own.search, RUN_STREAMS.testedNetwork, number),
      })),
    );
    const values = tests.map(({ outcome }) => accuracyOf(outcome));
    const { mean, failed } = summaryOf(values);
    const list = accuracies.get(name) ?? [];
    accuracies.set(name, [...list, failed > 0 ? null : mean]);
    rows.push({
      dataset,
      seed,
      variant: name,
      trained_images: images,
      best_fitness: readBest(directory).searchFitness,
      ...Object.fromEntries(values.map((value, number) => [`network_${number + 1}`, value ?? ""])),
    });
    const text = stringify(rows, { columns: Object.keys(rows[0]!) });
    Deno.writeTextFileSync(`runs/search_variants-${dataset}.csv`, text);
  }
}

const [base, ...others] = accuracies.entries().map(([claim, lower]): Claim => ({
  claim,
  higher: accuracies.get("class-wise")!,
  lower,
}));
const imagesOf = (name: string) =>
  summaryOf(rows.filter(({ variant }) => variant === name).map((row) => Number(row.trained_images)))
    .mean!;
console.log(layOut([
  ["variant", "trained images", "accuracy, %", "less than the first one by", "p, one-sided"],
  ...[base!, ...others].map(({ claim, higher, lower }) => {
    const { differences, p } = testPairs(higher, lower);
    const isFirst = claim === base!.claim;
    return [
      claim,
      `${Math.round(imagesOf(claim))}`,
      meanText(lower),
      isFirst ? "" : meanText(differences),
      isFirst ? "" : pText(p) ?? "",
    ];
  }),
]));
