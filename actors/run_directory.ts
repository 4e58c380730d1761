/**
 * A run on disk. See {@linkcode COLUMNS} of `tables.ts` for the CSV files.
 *
 * @module
 */
import type * as v from "valibot";
import { checkOptions, ConfigurationError } from "./configuration.ts";

/** The folder of one run. It belongs to one process at a time. */
export class RunDirectory implements Disposable {
  readonly path: string;
  readonly #lock: Deno.FsFile;

  private constructor(path: string, lock: Deno.FsFile) {
    this.path = path;
    this.#lock = lock;
  }

  /**
   * Create the folder of a new run.
   *
   * @throws {ConfigurationError} If there is something at the path, or it cannot be written.
   */
  static create(path: string): RunDirectory {
    try {
      const parent = path.replace(/\/+$/, "").split("/").slice(0, -1).join("/");
      if (parent !== "") Deno.mkdirSync(parent, { recursive: true });
      Deno.mkdirSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) {
        throw new ConfigurationError(
          `Cannot create the run: ${path} exists already; choose another --out, or continue it ` +
            `with: deno task resume --run ${path}`,
        );
      }
      throw new ConfigurationError(`Cannot create the run in ${path}: ${reasonOf(error)}`);
    }
    return RunDirectory.#claim(path);
  }

  /**
   * Open the folder of an earlier run.
   *
   * @throws {ConfigurationError} If it is not there, or another process is using it.
   */
  static open(path: string): RunDirectory {
    try {
      Deno.statSync(`${path}/config.json`);
    } catch (error) {
      throw new ConfigurationError(
        `Cannot open the run in ${path}: expected a config.json in it; ${reasonOf(error)}`,
      );
    }
    return RunDirectory.#claim(path);
  }

  static #claim(path: string): RunDirectory {
    const lock = Deno.openSync(`${path}/lock`, { create: true, write: true });
    if (!lock.tryLockSync(true)) {
      lock.close();
      throw new ConfigurationError(`Cannot use the run in ${path}: another process is writing it`);
    }
    return new RunDirectory(path, lock);
  }

  /** The path of a file in the folder. */
  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /**
   * The configuration that the run was begun with.
   *
   * @param kind What the run must be.
   * @throws {ConfigurationError} If `config.json` cannot be read, or is of another kind.
   */
  readConfiguration<T extends v.GenericSchema>(
    kind: ConfigurationFile["kind"],
    schema: T,
  ): v.InferOutput<T> {
    return readConfiguration(this.path, kind, schema);
  }

  /** Write a JSON file whole or not at all. */
  writeJson(name: string, value: unknown): void {
    const partial = this.file(`${name}.partial`);
    Deno.writeTextFileSync(partial, `${JSON.stringify(value, null, 2)}\n`);
    Deno.renameSync(partial, this.file(name));
  }

  [Symbol.dispose](): void {
    this.#lock.close();
    Deno.removeSync(this.file("lock"));
  }
}

/** What `config.json` holds. */
export interface ConfigurationFile {
  readonly format: 1;
  readonly kind: "search" | "minimize";
  /** Of Deno, for whoever wants the same numbers again. */
  readonly deno: string;
  /** Which data is used, in words. */
  readonly source: string;
  readonly configuration: unknown;
}

/** Read the configuration of a run without claiming its folder. */
export function readConfiguration<T extends v.GenericSchema>(
  directory: string,
  kind: ConfigurationFile["kind"],
  schema: T,
): v.InferOutput<T> {
  const path = `${directory}/config.json`;
  let file: Partial<ConfigurationFile>;
  try {
    file = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new ConfigurationError(`Cannot read ${path}: ${reasonOf(error)}`);
  }
  if (file.format !== 1 || file.kind !== kind) {
    throw new ConfigurationError(
      `Cannot read ${path}: expected format 1 of a ${kind}, received format ${file.format} of a ` +
        `${file.kind}`,
    );
  }
  return checkOptions(schema, file.configuration, (option) => `${option} in ${path}`);
}

/** What the operating system said, without the call that it was said to. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/ \(os error \d+\).*$/, "") : String(error);
}
