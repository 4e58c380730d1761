/**
 * What is in a module of the user's: hosts that are to run the same one compare it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../options.ts";

/** A file's name and what is in it; what it imports does not count. */
export interface ModuleContent {
  readonly file: string;
  readonly sha256: string;
}

/**
 * @param url Of a file.
 * @throws {ConfigurationError} If it cannot be read.
 */
export function moduleContent(url: string): ModuleContent {
  try {
    const path = fileURLToPath(url);
    const sha256 = createHash("sha256").update(Deno.readFileSync(path)).digest("hex");
    return { file: path.split(/[/\\]/).at(-1)!, sha256 };
  } catch (error) {
    throw new ConfigurationError(
      `Cannot have ${url} run on other hosts: expected a file of this one; ` +
        `${(error as Error).message}`,
      { cause: error },
    );
  }
}
