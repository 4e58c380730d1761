/**
 * A folder that is there whole or not at all.
 *
 * @module
 */
import { basename, dirname } from "node:path";
import { cannotWrite, requireAbsent } from "../terminal/absent.ts";

/** Files are written beside the folder's place, and come there when they are kept. */
export class OutputFolder implements Disposable {
  readonly path: string;
  readonly #draft: string;

  /** @throws {ConfigurationError} If there is something at the path, or it cannot be written. */
  constructor(path: string) {
    this.path = path.replace(/(?<=.)\/+$/, "");
    try {
      requireAbsent(this.path);
      const parent = dirname(this.path);
      Deno.mkdirSync(parent, { recursive: true });
      this.#draft = `${parent}/.${basename(this.path)}-${crypto.randomUUID()}`;
      Deno.mkdirSync(this.#draft);
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
  }

  /** Where to write a file. */
  file(name: string): string {
    return `${this.#draft}/${name}`;
  }

  /**
   * Puts the folder in its place.
   *
   * @param write Writes its files.
   * @throws {ConfigurationError} If they cannot be written, or there is something by now.
   */
  keep(write: () => void): void {
    try {
      write();
      requireAbsent(this.path);
      Deno.renameSync(this.#draft, this.path);
    } catch (error) {
      throw cannotWrite(this.path, error);
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
}
