/**
 * Where a module is that an option names.
 *
 * @module
 */
import { statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * @param given The path of a file, or its URL.
 * @returns Its URL; `undefined` if there is no such file.
 */
export function locateModule(given: string): string | undefined {
  const url = given.startsWith("file:") ? given : pathToFileURL(given).href;
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() ? url : undefined;
}
