/**
 * Which disturbance is used, and on which images: what a search has found, or one of the user's own,
 * from a file or a program.
 *
 * @module
 */
import * as v from "valibot";
import { type CheckedSearch, searchSchema } from "../configuration.ts";
import { type JournalContents, readJournal } from "../record/journal.ts";
import { readBest, readConfiguration, reasonOf } from "../record/run_directory.ts";
import { requireSearchedImages } from "../record/same_run.ts";
import { checkDisturbance, type Disturbance } from "../../datasets/mod.ts";
import { ConfigurationError, text } from "../../options.ts";
import { reads, requirePermissions } from "../../permissions.ts";
import { type Halves, loadHalves } from "./halves.ts";

/** Options of the commands that take a disturbance: one of the first two is needed. */
export const disturbanceEntries = {
  run: v.optional(text("the folder of a run", "a run whose search is done, for what it has found")),
  disturbance: v.optional(
    text("the path of a JSON file", "instead of --run, a disturbance of your own"),
  ),
  dataset: v.optional(
    text(
      "the name of a dataset or the path of a folder",
      "which images to disturb, and to test on; those of the run if left out, so needed without one",
    ),
  ),
};

/** What a search has found. */
export interface Found {
  readonly directory: string;
  readonly configuration: CheckedSearch;
  readonly journal: JournalContents;
  readonly best: ReturnType<typeof readBest>;
}

/** A disturbance, and where it comes from. */
export interface DisturbanceSource {
  readonly disturbance: Disturbance;
  /** Of the run; `undefined` if the disturbance is the user's own. */
  readonly found: Found | undefined;
  /** Which images to load. */
  readonly dataset: string;
}

/**
 * Check that there is one source of a disturbance.
 *
 * @param nameOf How an option is called where the user gave it.
 * @throws {ConfigurationError} If there is none, or more than one.
 */
export function requireOneSource(
  { run, disturbance }: { readonly run?: unknown; readonly disturbance?: unknown },
  nameOf: (option: string) => string,
): void {
  if ((run === undefined) !== (disturbance === undefined)) return;
  throw new ConfigurationError(
    `Expected either ${nameOf("run")} or ${nameOf("disturbance")}, received ` +
      (run === undefined ? "neither" : "both"),
  );
}

/**
 * Read a disturbance. The images are not opened.
 *
 * @param nameOf How an option is called where the user gave it.
 * @throws {ConfigurationError} If there is no or more than one source, or it cannot be read.
 */
export async function openDisturbance(
  { run, disturbance, dataset }: {
    readonly run?: string | undefined;
    /** Its file, or itself. */
    readonly disturbance?: string | Disturbance | undefined;
    readonly dataset?: string | undefined;
  },
  nameOf: (option: string) => string,
): Promise<DisturbanceSource> {
  requireOneSource({ run, disturbance }, nameOf);
  const purpose = "the disturbance";
  if (disturbance !== undefined) {
    const isFile = typeof disturbance === "string";
    if (isFile) requirePermissions([reads(disturbance, purpose)]);
    if (dataset === undefined) {
      throw new ConfigurationError(
        `Option ${nameOf("dataset")} is missing: ${
          isFile ? disturbance : "a disturbance"
        } does not ` +
          "say which images it is for",
      );
    }
    const checked = isFile ? readDisturbance(disturbance) : checkedDisturbance(disturbance);
    return { disturbance: checked, found: undefined, dataset };
  }
  const directory = run!;
  requirePermissions([reads(directory, purpose)]);
  const configuration = readConfiguration(directory, "search", searchSchema);
  const best = readBest(directory);
  const journal = await readJournal(`${directory}/journal.jsonl`);
  return {
    disturbance: best.disturbance,
    found: { directory, configuration, journal, best },
    dataset: dataset ?? configuration.dataset,
  };
}

/**
 * Read a disturbance as `export` writes it, or the `best.json` of a run. Says on stderr where several
 * pixels lie on one spot, which a person may not have meant.
 *
 * @throws {ConfigurationError} If it cannot be read or is no disturbance.
 */
function readDisturbance(path: string): Disturbance {
  let content: unknown;
  try {
    content = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new ConfigurationError(`Cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
  const disturbance = checkedDisturbance(
    isBest(content) ? content.disturbance : content,
    `the disturbance in ${path}`,
  );
  const shared = sharedSpots(disturbance);
  if (shared !== undefined) console.error(`${path}: ${shared}`);
  return disturbance;
}

/** @throws {ConfigurationError} If it is none. */
function checkedDisturbance(content: unknown, name?: string): Disturbance {
  try {
    return checkDisturbance(content, name);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

function isBest(content: unknown): content is { readonly disturbance: unknown } {
  return typeof content === "object" && content !== null && Object.hasOwn(content, "disturbance");
}

/** What a person should know of pixels that lie on one spot; `undefined` if there are none. */
function sharedSpots({ mode, classes }: Disturbance): string | undefined {
  const spots = classes.flatMap((pixels, label) =>
    [...Map.groupBy(pixels, ({ row, column }) => `row ${row}, column ${column}`)]
      .filter(([, those]) => those.length > 1)
      .map(([spot, those]) => `class ${label} has ${those.length} pixels at ${spot}`)
  );
  if (spots.length === 0) return undefined;
  const others = spots.length === 1 ? "" : `, and there are ${spots.length - 1} more such spots`;
  const result = mode === "add" ? "their values are added up" : "the last one counts";
  return `${spots[0]}${others}; ${result}`;
}

/** Images that a disturbance is for. */
export interface DisturbedHalves extends Halves {
  /** Whether they are those that the disturbance was searched with. */
  readonly areSearched: boolean;
}

/**
 * Load the images that a disturbance is used on.
 *
 * @param nameOf How an option is called where the user gave it.
 * @throws {ConfigurationError} If they are not there, have not the shape and number of classes of the
 *   disturbance, or have the name of those of its search and are not the same.
 */
export async function loadDisturbed(
  source: DisturbanceSource,
  nameOf: (option: string) => string,
): Promise<DisturbedHalves> {
  const data = await loadHalves(source.dataset);
  return { ...data, areSearched: requireFit(source, data, nameOf) };
}

/**
 * Check that a disturbance can be used on images that were loaded.
 *
 * @param nameOf How an option is called where the user gave it.
 * @returns Whether they are those that it was searched with.
 * @throws {ConfigurationError} As {@linkcode loadDisturbed}.
 */
export function requireFit(
  { disturbance, found, dataset }: DisturbanceSource,
  { train, sha256 }: Pick<Halves, "train" | "sha256">,
  nameOf: (option: string) => string,
): boolean {
  if (found && [dataset, train.dataset].includes(found.configuration.dataset)) {
    const images = { dataset: train.dataset, sha256: sha256.train };
    requireSearchedImages(found.journal, images, found.directory);
    return true;
  }
  const { shape, classes } = disturbance;
  const count = train.classNames.length;
  if (`${train.shape}` !== `${shape}` || count !== classes.length) {
    throw new ConfigurationError(
      `Option ${nameOf("dataset")} must have images of ${shape.join(" x ")} in ${classes.length} ` +
        `classes, as the disturbance, received ${train.dataset} with ${train.shape.join(" x ")} ` +
        `in ${count}`,
    );
  }
  return false;
}
