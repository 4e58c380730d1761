/**
 * Options, each said once: how it is read, what is valid, what it is if left out, whether it decides
 * the results, and which choice it needs to mean anything. Command lines, `--help`, configuration
 * files and calls are checked against that, each by the schemas of what it is for.
 *
 * @module
 */
import * as v from "valibot";

/** How an option is called where the user gave it. */
type NameOf = (option: string) => string;

const ownName: NameOf = (option) => option;

/** `trainSize` is `--train-size` on a command line. */
export function flagOf(option: string): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Thrown for a value that the user gave and that cannot be used. The message is one line. */
export class ConfigurationError extends Error {
  /** `ConfigurationError`. */
  override readonly name = "ConfigurationError";
  readonly #text: (nameOf: NameOf) => string;

  /**
   * Makes an error.
   *
   * @param text The message, or what makes it of how options are called; in `message` they have their
   * own names.
   */
  constructor(
    text: string | ((nameOf: (option: string) => string) => string),
    options?: ErrorOptions,
  ) {
    const textOf = typeof text === "string" ? () => text : text;
    super(textOf(ownName), options);
    this.#text = textOf;
  }

  /** The message, with options called as they are where the user gave them. */
  messageWith(nameOf: (option: string) => string): string {
    return this.#text(nameOf);
  }
}

/** What there is to know of an option besides its values. */
export interface OptionTraits {
  /**
   * What another value changes: `results`; only the `length` of a run, which goes on with more; or
   * `nothing` of it, only where and when it is computed. Default: `results`.
   */
  readonly decides?: "results" | "length" | "nothing";
  /**
   * Other options and their choices, without all of which it means nothing; the choice of a weight is
   * {@linkcode ABOVE_0}. Default: none.
   */
  readonly needs?: Readonly<Record<string, string>>;
  /**
   * Whether a run always writes it down, because something else decides it where it is left out.
   * Default: whether it has a default.
   */
  readonly settled?: boolean;
}

/** As a choice in {@linkcode OptionTraits.needs}: any number above 0. */
export const ABOVE_0 = "above 0";

/** How an option is read, and what it means. */
export interface OptionInfo extends Required<OptionTraits> {
  /**
   * `integer` and `number` are read as numbers, `list` is split at commas that no `\\` precedes, a
   * `switch` stands on a command line without a value.
   */
  readonly kind: "integer" | "number" | "choice" | "text" | "list" | "switch";
  /** What a valid value is, in words: `an integer from 1 to 100`. */
  readonly expected: string;
  readonly description: string;
  /** The words of a `choice`. */
  readonly choices?: readonly string[];
}

/** Options by name, each a schema of a kind below, or one that wraps it with a default. */
export type OptionSchemas = Readonly<Record<string, v.GenericSchema>>;

function info<T>(
  kind: OptionInfo["kind"],
  expected: string,
  description: string,
  traits: OptionTraits & Pick<OptionInfo, "choices">,
) {
  return v.metadata<T, Omit<OptionInfo, keyof OptionTraits> & Record<string, unknown>>(
    { kind, expected, description, ...traits },
  );
}

/** A schema of an option that is an integer. */
export function integer(min: number, max: number, description: string, traits: OptionTraits = {}) {
  const expected = `an integer from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("integer", expected, description, traits),
  );
}

/** A schema of an option that is a number. */
export function number(min: number, max: number, description: string, traits: OptionTraits = {}) {
  const expected = `a number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("number", expected, description, traits),
  );
}

/** A schema of an option that is one of a few words. */
export function choice<const T extends readonly string[]>(
  choices: T,
  description: string,
  traits: OptionTraits = {},
) {
  const expected = `one of ${choices.join(", ")}`;
  return v.pipe(
    v.picklist(choices, expected),
    info("choice", expected, description, { ...traits, choices }),
  );
}

/** A schema of an option that is any text but an empty one. */
export function text(expected: string, description: string, traits: OptionTraits = {}) {
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    info("text", expected, description, traits),
  );
}

/** A schema of an option that is on or off; off if left out. */
export function toggle(description: string, traits: OptionTraits = {}) {
  const expected = "true or false";
  return v.optional(
    v.pipe(v.boolean(expected), info("switch", expected, description, traits)),
    false,
  );
}

/** A schema of an option that is a list of at least one text. */
export function list(expected: string, description: string, traits: OptionTraits = {}) {
  return v.pipe(
    v.array(v.pipe(v.string(expected), v.nonEmpty(expected)), expected),
    v.minLength(1, expected),
    v.readonly(),
    info("list", expected, description, traits),
  );
}

/** What is known of one option, and its default: `undefined` if it has none. */
export function describeOption(
  schema: v.GenericSchema,
): OptionInfo & { readonly default: unknown } {
  const { wrapped = schema, default: fallback } = schema as Partial<
    v.OptionalSchema<v.GenericSchema, unknown>
  >;
  const traits: Required<OptionTraits> = {
    decides: "results",
    needs: {},
    settled: fallback !== undefined,
  };
  return { ...traits, ...(v.getMetadata(wrapped) as unknown as OptionInfo), default: fallback };
}

/** The options that decide this, by their names. */
export function optionsDeciding(
  entries: OptionSchemas,
  what: OptionInfo["decides"],
): string[] {
  return Object.keys(entries).filter((name) => describeOption(entries[name]!).decides === what);
}

/**
 * Check options against a schema, and fill in the defaults.
 *
 * @param schema An object of options, strict.
 * @param options What the user gave.
 * @param nameOf How an option is called where the user gave it. Default: as `messageWith` is told.
 * @throws {ConfigurationError} For the first option that is unknown or not valid.
 */
export function checkOptions<T extends v.GenericSchema>(
  schema: T,
  options: unknown,
  nameOf?: (option: string) => string,
): v.InferOutput<T> {
  const checked = v.safeParse(schema, options, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const key = issue.path?.filter(({ type }) => type !== "array").map(({ key }) => key).join(".");
  if (key === undefined) {
    throw new ConfigurationError(
      `Cannot read the options: expected an object, received ${issue.received}`,
    );
  }
  throw new ConfigurationError((named) => {
    const name = (nameOf ?? named)(key);
    if (issue.type === "strict_object" && issue.expected === "never") {
      return `Unknown option ${name}`;
    }
    if (issue.input === undefined) return `Option ${name} is missing`;
    return `Option ${name} must be ${issue.message}, received ${shown(issue.input)}`;
  });
}

/** A value as JSON, where JSON has it: there NaN and infinities are `null`, and large integers fail. */
function shown(value: unknown): string {
  const isJson = typeof value !== "bigint" && !(typeof value === "number" && !isFinite(value));
  try {
    return isJson ? JSON.stringify(value) : Deno.inspect(value);
  } catch {
    return Deno.inspect(value, { breakLength: Infinity });
  }
}

/**
 * Check that what was given means something with the choices that were made. A configuration with the
 * defaults filled in always has options that mean nothing: this is for what a user gave.
 *
 * @param entries Of the schema that the options were checked against.
 * @param given What the user gave; `undefined` is not given.
 * @param settled All options, with the defaults filled in.
 * @param nameOf How an option is called where the user gave it. Default: as `messageWith` is told.
 * @throws {ConfigurationError} For the first option without the choices that it needs.
 */
export function requireMeaning(
  entries: OptionSchemas,
  given: Readonly<Record<string, unknown>>,
  settled: Readonly<Record<string, unknown>>,
  nameOf?: (option: string) => string,
): void {
  for (const [option, schema] of Object.entries(entries)) {
    if (given[option] === undefined) continue;
    const { needs } = describeOption(schema);
    const unmet = Object.keys(needs).filter((other) => !isChosen(needs[other]!, settled[other]));
    if (unmet.length === 0) continue;
    throw new ConfigurationError((named) => {
      const called = nameOf ?? named;
      const received = unmet.map((other) => `${called(other)} ${settled[other]}`).join(" and ");
      return `Option ${called(option)} means something only with ${needsText(needs, called)}, ` +
        `received ${received}`;
    });
  }
}

function isChosen(choice: string, value: unknown): boolean {
  return choice === ABOVE_0 ? typeof value === "number" && value > 0 : value === choice;
}

/** The choices that an option needs, in words: `--staleness drop and --mode async`. */
export function needsText(
  needs: OptionInfo["needs"],
  nameOf: (option: string) => string,
): string {
  return Object.entries(needs).map(([other, choice]) => `${nameOf(other)} ${choice}`).join(" and ");
}

/** Without the options that have their defaults, which a program may pass as well as leave out. */
export function withoutDefaults(
  entries: OptionSchemas,
  options: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) =>
      !Object.hasOwn(entries, name) || describeOption(entries[name]!).default !== value
    ),
  );
}
