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
  try {
    return statSync(fileURLToPath(url)).isFile() ? url : undefined;
  } catch {
    return undefined; // also for the URL of a file on another machine, and for what may not be read
  }
}
