/**
 * What Deno must allow for a set of images to be loaded.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { isGranted, type Need, reads } from "../permissions.ts";
import { cacheDirectory, cacheVariables } from "./published/cache.ts";
import { isKnownName, KNOWN_DATASETS } from "./published/catalog.ts";

/**
 * What {@linkcode loadTrain} and {@linkcode loadTest} need.
 *
 * @param name A set, as it is named there.
 */
export async function imageNeeds(name: string): Promise<Need[]> {
  if (name === "synthetic") return [];
  const purpose = `the images of ${name}`;
  if (!isKnownName(name)) return [reads(name, purpose)];
  const { embedded } = KNOWN_DATASETS[name];
  if (await embedded?.isThere()) return [reads(fileURLToPath(embedded!.folder()), purpose)];
  return cacheNeeds(purpose, (directory) => [reads(`${directory}/${name}`, purpose)]);
}

/**
 * What it takes to find the folder of imported sets, and to use it.
 *
 * @param use What is needed in the folder.
 * @param given The folder, where it is not the default.
 */
export function cacheNeeds(
  purpose: string,
  use: (directory: string) => Need[],
  given?: string,
): Need[] {
  if (given) return use(given);
  for (const variable of cacheVariables) {
    const permission = { name: "env", variable } as const;
    if (!isGranted(permission)) return [{ permission, value: cacheVariables.join(","), purpose }];
    if (Deno.env.get(variable)) return use(cacheDirectory());
  }
  return [];
}
