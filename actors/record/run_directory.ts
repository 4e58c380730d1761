/**
 * A run on disk. See {@linkcode COLUMNS} of `tables.ts` for the CSV files.
 *
 * @module
 */
import * as v from "valibot";
import {
  checkOptions,
  ConfigurationError,
  describeOption,
  type OptionSchemas,
} from "../../options.ts";
import { runCommandText } from "../../command_text.ts";
import { syncFolderOf, writeDurably } from "./durable_file.ts";
import { FileLock } from "./file_lock.ts";

/** The folder of one run. It belongs to one process at a time. */
export class RunDirectory implements Disposable {
  readonly path: string;
  /** The run's name for itself, in `config.json` and the journal; runs of mddes 0.1.0 have none. */
  readonly id: string | undefined;
  readonly #lock: FileLock;

  private constructor(path: string, id: string | undefined, lock: FileLock) {
    this.path = path;
    this.id = id;
    this.#lock = lock;
  }

  /**
   * Create the folder of a new run, or take one in which a process was killed before it began.
   *
   * @param options For a run that is a function of its options: its name for itself, which no other
   * run has by default, and that it cannot be resumed.
   * @throws {ConfigurationError} If there is something at the path, it cannot be written, or another
   * process is using it.
   */
  static create(
    path: string,
    { id = crypto.randomUUID(), resumes = true }: {
      readonly id?: string;
      readonly resumes?: boolean;
    } = {},
  ): RunDirectory {
    if (typeof path !== "string" || path === "") {
      throw new ConfigurationError(
        `Option directory must be the path of a folder, received ${JSON.stringify(path)}`,
      );
    }
    const parent = path.replace(/\/+$/, "").split("/").slice(0, -1).join("/");
    try {
      if (parent !== "") Deno.mkdirSync(parent, { recursive: true });
      Deno.mkdirSync(path);
      syncFolderOf(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) {
        if (parent !== "" && !isFolder(parent)) {
          throw new ConfigurationError(
            `Cannot create the run in ${path}: ${parent} is not a folder`,
          );
        }
        const isRun = ["lock", "config.json.partial"].some((name) => exists(`${path}/${name}`));
        const claimed = isRun ? RunDirectory.#claim(path, id) : undefined;
        if (claimed && isStillborn(path)) return claimed;
        claimed?.[Symbol.dispose]();
        throw new ConfigurationError(
          `Cannot create the run: ${path} exists already; choose another --out` +
            (resumes ? `, or continue it with: ${runCommandText("resume", path)}` : ""),
        );
      }
      throw new ConfigurationError(`Cannot create the run in ${path}: ${reasonOf(error)}`);
    }
    return RunDirectory.#claim(path, id);
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
    return RunDirectory.#claim(path, readConfigurationFile(path).id);
  }

  static #claim(path: string, id: string | undefined): RunDirectory {
    let lock: FileLock | undefined;
    try {
      lock = FileLock.tryAcquire(`${path}/lock`);
    } catch (error) {
      throw new ConfigurationError(`Cannot use the run in ${path}: ${reasonOf(error)}`);
    }
    if (lock) return new RunDirectory(path, id, lock);
    throw new ConfigurationError(`Cannot use the run in ${path}: another process is writing it`);
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
  readConfiguration<T extends ConfigurationSchema>(
    kind: ConfigurationFile["kind"],
    schema: T,
  ): v.InferOutput<T> {
    return readConfiguration(this.path, kind, schema);
  }

  /** Write `config.json`. */
  writeConfiguration(
    kind: ConfigurationFile["kind"],
    source: string,
    configuration: ConfigurationFile["configuration"],
  ): void {
    this.writeJson("config.json", configurationFile(this.id, kind, source, configuration));
  }

  /**
   * Write a JSON file whole or not at all.
   *
   * @throws {ConfigurationError} If the folder is no longer there, or is another one.
   */
  writeJson(name: string, value: unknown): void {
    if (!this.#lock.held) {
      throw new ConfigurationError(
        `Cannot go on: ${this.path} was removed or replaced while the run was writing it`,
      );
    }
    writeDurably(this.file(name), `${JSON.stringify(value, null, 2)}\n`);
  }

  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]();
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Whether a folder holds only what a process writes before it begins its run. */
function isStillborn(path: string): boolean {
  return [...Deno.readDirSync(path)]
    .every(({ name }) => name === "lock" || name === "config.json.partial");
}

/** What `config.json` holds. */
export interface ConfigurationFile {
  readonly format: 1;
  readonly kind: "search" | "minimize" | "simulation";
  /** See {@linkcode RunDirectory.id}. */
  readonly id?: string | undefined;
  /** Of Deno, for whoever wants the same numbers again. */
  readonly deno: string;
  /** Which data is used, in words. */
  readonly source: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What is written to `config.json`. */
export function configurationFile(
  id: string | undefined,
  kind: ConfigurationFile["kind"],
  source: string,
  configuration: ConfigurationFile["configuration"],
): ConfigurationFile {
  return { format: 1, kind, id, deno: Deno.version.deno, source, configuration };
}

/** Read `config.json` of a run of any kind; the configuration in it is not checked. */
export function readConfigurationFile(directory: string): ConfigurationFile {
  const path = `${directory}/config.json`;
  let file: Partial<ConfigurationFile>;
  try {
    file = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    const expected = error instanceof Deno.errors.NotFound ? "expected the folder of a run; " : "";
    throw new ConfigurationError(`Cannot read ${path}: ${expected}${reasonOf(error)}`);
  }
  const checked = v.safeParse(configurationFileSchema, file);
  if (checked.success) return checked.output;
  const isKnown = checked.issues.every(({ path }) => path?.[0]?.key === "configuration");
  throw new ConfigurationError(
    isKnown
      ? `Cannot read ${path}: expected options as its configuration, received ` +
        JSON.stringify(file.configuration)
      : `Cannot read ${path}: expected format 1 of a search, minimize or simulation, received format ` +
        `${file?.format} of a ${file?.kind}`,
  );
}

const configurationFileSchema = v.object({
  format: v.literal(1),
  kind: v.picklist(["search", "minimize", "simulation"]),
  id: v.optional(v.string()),
  deno: v.string(),
  source: v.string(),
  configuration: v.record(v.string(), v.unknown()),
});

/** What the configuration of a run is checked against. */
export type ConfigurationSchema = v.GenericSchema & { readonly entries: OptionSchemas };

/** Options of `minimize` that mddes 0.1.0 did not write down. */
const NEW_IN_0_2: readonly string[] = ["evaluator", "workers", "isolation"];

/**
 * Read the configuration of a run without claiming its folder.
 *
 * @throws {ConfigurationError} If it is of another kind, lacks an option that its run was begun with, or
 * has one that cannot be used.
 */
export function readConfiguration<T extends ConfigurationSchema>(
  directory: string,
  kind: ConfigurationFile["kind"],
  schema: T,
): v.InferOutput<T> {
  const file = readConfigurationFile(directory);
  const path = `${directory}/config.json`;
  if (file.kind !== kind) {
    throw new ConfigurationError(
      `Cannot read ${path}: expected format 1 of a ${kind}, received format ${file.format} of a ` +
        `${file.kind}`,
    );
  }
  const checked = checkOptions(schema, file.configuration, (option) => `${option} in ${path}`);
  requireWritten(file, schema.entries, path);
  return checked;
}

/** A run writes every default down: one that is not there was taken out, and another may be meant. */
function requireWritten(
  { id, kind, configuration }: ConfigurationFile,
  entries: OptionSchemas,
  path: string,
): void {
  const newer = kind === "minimize" ? NEW_IN_0_2 : [];
  const written = Object.keys(entries).filter((option) =>
    describeOption(entries[option]!).settled && (id !== undefined || !newer.includes(option))
  );
  const missing = written.find((option) => !Object.hasOwn(configuration, option));
  if (missing === undefined) return;
  throw new ConfigurationError(
    `Option ${missing} in ${path} is missing; put back what the run was begun with`,
  );
}

const whole = "an integer of at least 0";
const count = v.pipe(v.number(whole), v.integer(whole), v.minValue(0, whole));
const finite = v.pipe(v.number("a number"), v.finite("a finite number"));
const numbers = "a list of finite numbers";

/** A disturbance. */
const disturbanceSchema = v.object({
  mode: v.picklist(["add", "replace"], "add or replace"),
  shape: v.tuple([count, count, count], "channels, height and width"),
  classes: v.array(
    v.array(
      v.object({ row: count, column: count, value: v.array(finite, numbers) }, "a pixel"),
      "a list of pixels",
    ),
    "a list of the pixels of each class",
  ),
}, "a disturbance");

const bestSchema = v.object({
  generation: count,
  candidate: count,
  genome: v.array(finite),
  searchFitness: finite,
  finalFitness: v.nullable(finite),
  disturbance: disturbanceSchema,
});

/**
 * The best disturbance of a run whose search is done.
 *
 * @throws {ConfigurationError} If `best.json` is not there or cannot be read.
 */
export function readBest(directory: string): v.InferOutput<typeof bestSchema> {
  const best = findBest(directory);
  if (best) return best;
  throw new ConfigurationError(
    `Cannot read ${directory}/best.json: the search is not done; to go on: ` +
      runCommandText("resume", directory),
  );
}

/** As {@linkcode readBest}, but `null` before a winner is named. */
export function findBest(directory: string): v.InferOutput<typeof bestSchema> | null {
  return findResult(directory, bestSchema);
}

const minimumSchema = v.object({ x: v.array(finite), value: finite });

/** As {@linkcode findBest}, of a run of `minimize`. */
export function findMinimum(directory: string): v.InferOutput<typeof minimumSchema> | null {
  return findResult(directory, minimumSchema);
}

function findResult<T extends v.GenericSchema>(
  directory: string,
  schema: T,
): v.InferOutput<T> | null {
  const path = `${directory}/best.json`;
  let content: unknown;
  try {
    content = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new ConfigurationError(`Cannot read ${path}: ${reasonOf(error)}`);
  }
  const checked = v.safeParse(schema, content, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  throw new ConfigurationError(`Cannot read ${path}: ${v.getDotPath(issue)}: ${issue.message}`);
}

/** What the operating system said, without the call that it was said to; or a reader, in one line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/ \(os error \d+\).*$/, "").replaceAll(/\p{Cc}/gu, " ");
}
