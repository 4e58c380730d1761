/**
 * The training images of a run on this host: those that are here, or those that the host that searches
 * gives.
 *
 * @module
 */
import {
  cacheDirectory,
  isKnownName,
  KNOWN_DATASETS,
  loadTrain,
  readManifest,
  type Split,
} from "../../datasets/mod.ts";
import { cacheNeeds } from "../../datasets/image_needs.ts";
import { takeSharedTrain } from "../../datasets/published/shared_train.ts";
import { commandText } from "../../command_text.ts";
import { type Need, requirePermissions, writes } from "../../permissions.ts";
import { FileLock } from "../record/file_lock.ts";
import type { RunRecord } from "../remote/messages.ts";

/**
 * See above. Images that are here are never replaced.
 *
 * @param say Told in words that they are taken.
 * @throws {Error} If they are not here and cannot be taken: one line.
 */
export async function imagesFor(
  { images }: Pick<RunRecord, "images">,
  dataset: string,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<Split<"train">> {
  if (!images || !isKnownName(dataset)) return await loadTrain(dataset);
  const known = KNOWN_DATASETS[dataset];
  const isHere = await known.embedded?.isThere() ||
    await readManifest(known, "train", cacheDirectory());
  if (isHere) return await loadTrain(dataset);
  const { host } = new URL(images.server);
  try {
    const purpose = `the images of ${dataset}`;
    requirePermissions([
      { permission: { name: "net", host }, value: host, purpose } satisfies Need,
      ...cacheNeeds(purpose, (directory) => [writes(directory, purpose)]),
    ]);
    const folder = `${cacheDirectory()}/${dataset}`;
    await Deno.mkdir(folder, { recursive: true });
    using lock = FileLock.tryAcquire(`${folder}/taken.lock`);
    if (!lock) throw new Error("another worker here is taking them");
    say(`takes the training images of ${dataset} from ${host}, ${megabytes(images.bytes)}`);
    await takeSharedTrain(known, images, images.server, {
      headers: { authorization: `Bearer ${images.token}` },
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(
      `cannot take the training images of ${dataset} from ${host}: ${(error as Error).message}; ` +
        `it goes on by itself, or get them with \`${commandText("datasets", ["fetch", dataset])}\``,
      { cause: error },
    );
  }
  return await loadTrain(dataset);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
