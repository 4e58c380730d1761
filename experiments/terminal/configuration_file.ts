/**
 * `--config FILE`: options from a file, as a run's `config.json` is written.
 *
 * @module
 */
import * as v from "valibot";
import { reasonOf } from "../../actors/record/run_directory.ts";
import { ConfigurationError, flagOf, type OptionSchemas, text } from "../../options.ts";

/** `--config` of the commands that read one. */
export const configOption = v.optional(
  text("the path of a file", "options, as config.json of a search has them; the command line wins"),
);

/** What a command was given, and where. */
export interface GivenOptions {
  /** Those of the command line, and of the file those that the command line does not have. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How an option is called where it was given: `--epochs`, or `epochs in FILE`. */
  readonly nameOf: (option: string) => string;
}

/**
 * Add the options of the file that `--config` names. They are not checked.
 *
 * @param given On the command line.
 * @param passedOver Options that the file may have, and the command has not. Default: none.
 * @throws {ConfigurationError} If the file cannot be read.
 */
export function withConfigurationFile(
  { config, ...given }: Readonly<Record<string, unknown>>,
  passedOver: OptionSchemas = {},
): GivenOptions {
  if (config === undefined) return { options: given, nameOf: flagOf };
  const path = `${config}`;
  const file = Object.fromEntries(
    Object.entries(readOptions(path)).filter(([option]) => !Object.hasOwn(passedOver, option)),
  );
  return {
    options: { ...file, ...given },
    nameOf: (option) =>
      Object.hasOwn(file, option) && !Object.hasOwn(given, option)
        ? `${option} in ${path}`
        : flagOf(option),
  };
}

/** Calls options in an error as they are where they were given; passes other errors on. */
export function namedBy(nameOf: GivenOptions["nameOf"]): (error: unknown) => never {
  return (error) => {
    throw error instanceof ConfigurationError
      ? new ConfigurationError(error.messageWith(nameOf), { cause: error })
      : error;
  };
}

/** The options of a file: of a whole `config.json`, or of what is in its `configuration`. */
function readOptions(path: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new ConfigurationError(`Cannot read ${path}: ${reasonOf(error)}`);
  }
  const file = objectIn(content, path);
  if (!Object.hasOwn(file, "configuration")) return file;
  const { format, kind, configuration } = file;
  if (format === 1 && kind === "search") return objectIn(configuration, path);
  throw new ConfigurationError(
    `Cannot read ${path}: expected format 1 of a search, received format ${format} of a ${kind}`,
  );
}

function objectIn(value: unknown, path: string): Record<string, unknown> {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new ConfigurationError(
    `Cannot read ${path}: expected options as config.json of a search has them, received ` +
      JSON.stringify(value),
  );
}
