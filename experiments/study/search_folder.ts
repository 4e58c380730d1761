/**
 * The folders of searches that experiments share: the name says what was searched, so nothing is
 * searched twice.
 *
 * @module
 */
import {
  type CheckedSearch,
  type SearchConfiguration,
  type SearchOptions,
  searchSchema,
} from "../../actors/configuration.ts";
import { readJournal } from "../../actors/record/journal.ts";
import { readConfiguration } from "../../actors/record/run_directory.ts";
import { requireSearchedImages, type SearchedImages } from "../../actors/record/same_run.ts";
import { checkOptions, ConfigurationError, optionsDeciding } from "../../options.ts";
import { canonical, fingerprint } from "./fingerprint.ts";
import { recipeOf } from "../../actors/testing/training_options.ts";

/** Options that decide where and when something is computed, and not what. */
const WITHOUT_EFFECT = optionsDeciding(searchSchema.entries, "nothing");

/** Options with every default filled in, as `config.json` will have them. */
export function resolveSearch(options: SearchOptions): SearchConfiguration {
  const checked = checkOptions(searchSchema, options);
  return { ...checked, ...recipeOf(checked.network, checked, checked.epochs) };
}

/**
 * `DATASET-NETWORK-METHOD-PIXELSpx-seedS-HASH`.
 *
 * @param imagesSha256 Which training images are searched with.
 */
export function searchFolderName(
  method: string,
  wanted: SearchConfiguration,
  imagesSha256: string,
): string {
  const { dataset, network, pixels, seed } = wanted;
  const [set, net] = [dataset, network].map((name) =>
    name.replace(/\/+$/, "").replace(/.*\//s, "").replace(/[^\w.-]+/g, "-")
  );
  const hash = fingerprint({ ...deciding(wanted), imagesSha256 }, 8);
  return `${set}-${net}-${method}-${pixels}px-seed${seed}-${hash}`;
}

/**
 * What is in the folder of a search.
 *
 * @throws {ConfigurationError} If it is another search than the one that is wanted.
 */
export async function searchFolderState(
  directory: string,
  wanted: SearchConfiguration,
  images: SearchedImages,
): Promise<"new" | "begun" | "done"> {
  if (!exists(`${directory}/config.json`)) return "new";
  const refuse = (why: string) =>
    new ConfigurationError(`${why}; delete ${directory}, and the search is done anew`);
  let found: CheckedSearch;
  try {
    found = readConfiguration(directory, "search", searchSchema);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  const [before, now] = [deciding(found), deciding(wanted)];
  const differing = Object.keys({ ...before, ...now })
    .find((key) => canonical(before[key] ?? null) !== canonical(now[key] ?? null));
  if (differing !== undefined) {
    throw refuse(
      `Cannot use ${directory}: expected ${differing} ${JSON.stringify(now[differing])} in its ` +
        `config.json, received ${JSON.stringify(before[differing])}`,
    );
  }
  if (!exists(`${directory}/best.json`)) return "begun";
  try {
    const journal = await readJournal(`${directory}/journal.jsonl`);
    requireSearchedImages(journal, images, directory);
  } catch (error) {
    throw refuse((error as Error).message);
  }
  return "done";
}

/** What decides the result of a search. */
function deciding(configuration: CheckedSearch): Record<string, unknown> {
  const deciding: Record<string, unknown> = { ...configuration };
  for (const option of WITHOUT_EFFECT) delete deciding[option];
  return deciding;
}

/** Whether there is something at a path. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
