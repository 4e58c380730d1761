/**
 * A folder that is there whole or not at all.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { ConfigurationError } from "../../options.ts";

/** Files are written beside the folder's place, and come there when they are kept. */
export class OutputFolder implements Disposable {
  readonly #path: string;
  readonly #draft: string;

  /** @throws {ConfigurationError} If there is something at the path, or it cannot be written. */
  constructor(path: string) {
    this.#path = path.replace(/(?<=.)\/+$/, "");
    try {
      this.#requireFree();
      const parent = dirname(this.#path);
      Deno.mkdirSync(parent, { recursive: true });
      this.#draft = `${parent}/.${basename(this.#path)}-${crypto.randomUUID()}`;
      Deno.mkdirSync(this.#draft);
    } catch (error) {
      throw this.#cannotWrite(error);
    }
  }

  /** Where to write a file. */
  file(name: string): string {
    return `${this.#draft}/${name}`;
  }

  /**
   * Puts the folder in its place.
   *
   * @throws {ConfigurationError} If there is something by now.
   */
  keep(): void {
    try {
      this.#requireFree();
      Deno.renameSync(this.#draft, this.#path);
    } catch (error) {
      throw this.#cannotWrite(error);
    }
  }

  /** Removes what was not kept. */
  [Symbol.dispose](): void {
    try {
      Deno.removeSync(this.#draft, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #requireFree(): void {
    try {
      Deno.lstatSync(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    throw new ConfigurationError(
      `Cannot write ${this.#path}: it exists already; choose another --out`,
    );
  }

  /** What the operating system refused is the user's to change; anything else is not. */
  #cannotWrite(error: unknown): unknown {
    if (!(error instanceof Error && "code" in error)) return error;
    return new ConfigurationError(`Cannot write ${this.#path}: ${error.message}`, { cause: error });
  }
}
