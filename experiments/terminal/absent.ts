/**
 * Output that must not replace anything.
 *
 * @module
 */
import { reasonOf } from "../../actors/record/run_directory.ts";
import { ConfigurationError } from "../../options.ts";

/** @throws {ConfigurationError} If there is something at a path, or it cannot be looked at. */
export function requireAbsent(path: string): void {
  try {
    Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw cannotWrite(path, error);
  }
  throw new ConfigurationError(`Cannot write ${path}: it exists already; choose another --out`);
}

/** What the operating system refused is the user's to change; anything else is not. */
export function cannotWrite(path: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error) || error instanceof DOMException) return error;
  return new ConfigurationError(`Cannot write ${path}: ${reasonOf(error)}`, { cause: error });
}
