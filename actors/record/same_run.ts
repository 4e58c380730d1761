/**
 * Whether what a run is to be continued or used with is what it was begun with: what differs would be
 * mixed in its results without a word.
 *
 * @module
 */
import { resolve } from "node:path";
import { ConfigurationError, type OptionSchemas, optionsDeciding } from "../../options.ts";
import type { Begun, JournalContents } from "./journal.ts";

type Configuration = Begun["configuration"];

/** What the journals of mddes 0.1.0 do not say: nothing is known that could differ. */
const NEW_IN_0_2: ReadonlySet<string> = new Set(["imagesSha256", "evaluator"]);

/**
 * @param now Every option, and what the files are that the options name.
 * @param entries The options of such a run. Those that do not decide what is computed may change.
 * @throws {ConfigurationError} If the journal was begun with something else.
 */
export function requireSame(
  contents: JournalContents,
  now: Configuration,
  directory: string,
  entries: OptionSchemas,
): void {
  const changeable = [
    ...optionsDeciding(entries, "length"),
    ...optionsDeciding(entries, "nothing"),
  ];
  const before = begunWith(contents, directory);
  if (before === undefined) return;
  const differences = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((key) => !changeable.includes(key))
    .filter((key) => !(NEW_IN_0_2.has(key) && before[key] === undefined))
    .filter((key) => !(key === "dataset" && isSameFolder(before, now)))
    .map((key) => [key, JSON.stringify(before[key]), JSON.stringify(now[key])])
    .filter(([, left, right]) => left !== right)
    .map(([key, left, right]) =>
      key === "imagesSha256"
        ? `the training images of ${now.dataset} are not those that it was begun with`
        : `${key} was ${left} and is ${right}`
    );
  if (differences.length > 0) {
    throw new ConfigurationError(
      `Cannot continue the run in ${directory}: its configuration was changed: ${
        differences.join("; ")
      }`,
    );
  }
}

/** @throws {ConfigurationError} If a run is to have fewer generations than it was begun with. */
export function requireNoFewer(generations: number, begun: number, directory: string): void {
  if (generations >= begun) return;
  throw new ConfigurationError(
    `Cannot resume ${directory}: --generations must be at least the ${begun} that it was begun ` +
      `with, received ${generations}`,
  );
}

/** @throws {ConfigurationError} If a run that is to be finished is to have more generations, too. */
export function requireNoGenerations(generations: number | undefined): void {
  if (generations === undefined) return;
  throw new ConfigurationError(
    `Option generations means something only without finish, received ${generations}`,
  );
}

/** Training images, as what they are compared by. */
export interface SearchedImages {
  /** Their set, for the message. */
  readonly dataset: string;
  readonly sha256: string;
}

/**
 * Check that training images are those of a search, before anything else is done with what it found.
 *
 * @param journal Of the search.
 * @throws {ConfigurationError} If the search was begun with others, or its journal is empty.
 */
export function requireSearchedImages(
  journal: Pick<JournalContents, "events">,
  images: SearchedImages,
  directory: string,
): void {
  const before = begunWith(journal, directory);
  if (before === undefined) {
    throw new ConfigurationError(
      `Cannot use the run in ${directory}: its journal does not say what it was begun with`,
    );
  }
  if (before.imagesSha256 === undefined || before.imagesSha256 === images.sha256) return;
  throw new ConfigurationError(
    `Cannot use the run in ${directory}: the training images of ${images.dataset} are not those ` +
      `that it was begun with`,
  );
}

/**
 * Check that a network is that of a search, if it is in a file, which may have been changed.
 *
 * @param journal Of the search.
 * @param networkSha256 What the network is now.
 * @throws {ConfigurationError} If the search was begun with another one.
 */
export function requireSearchedNetwork(
  journal: JournalContents,
  networkSha256: string,
  directory: string,
): void {
  const before = begunWith(journal, directory);
  const { networkSha256: wanted } = before ?? {};
  if (wanted === undefined || wanted === networkSha256) return;
  throw new ConfigurationError(
    `Cannot use the network of the run in ${directory}: ${
      before!.network
    } is not what it was begun ` +
      `with`,
  );
}

/** `undefined` if nothing was written yet. */
function begunWith(
  { events }: Pick<JournalContents, "events">,
  directory: string,
): Configuration | undefined {
  const [begun] = events;
  if (begun === undefined || begun.type === "Begun") return begun?.configuration;
  throw new ConfigurationError(
    `Cannot use the run in ${directory}: line 1 of its journal must say what it was begun with`,
  );
}

/** mddes 0.1.0 wrote the path of a folder as it was given. */
function isSameFolder({ dataset, imagesSha256 }: Configuration, now: Configuration): boolean {
  return imagesSha256 === undefined && typeof dataset === "string" &&
    resolve(dataset) === now.dataset;
}
