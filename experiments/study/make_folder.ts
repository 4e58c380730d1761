/**
 * The folders of what is computed.
 *
 * @module
 */
import { requireOneSource } from "../../actors/testing/disturbance_source.ts";
import { ConfigurationError } from "../../options.ts";

/**
 * What is computed of a run is in its folder, and of a disturbance beside its file: how paths begin.
 *
 * @param nameOf How an option is called where the user gave it.
 * @throws {ConfigurationError} If there is neither, or both.
 */
export function besideDisturbance(
  { run, disturbance }: {
    readonly run?: string | undefined;
    readonly disturbance?: string | undefined;
  },
  nameOf: (option: string) => string,
): string {
  requireOneSource({ run, disturbance }, nameOf);
  return disturbance?.replace(/(\.json)?$/, "-") ?? `${run}/`;
}

/**
 * Make a folder, and those around it, before anything is written into it.
 *
 * @throws {ConfigurationError} If it cannot be made.
 */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new ConfigurationError(`Cannot write to ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
