/**
 * The configuration of a search: every option, its range, its default and what it means, in one
 * table. The command line, its `--help`, `config.json` and {@linkcode SearchOptions} come from it.
 *
 * @module
 */
import * as v from "valibot";

/** Thrown for a value that the user gave and that cannot be used. The message is one line. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}

/** How an option is read from a command line. */
export interface OptionInfo {
  /** `integer` and `number` are read as numbers, `list` is split at commas. */
  readonly kind: "integer" | "number" | "choice" | "text" | "list";
  /** What a valid value is, in words: `an integer from 1 to 100`. */
  readonly expected: string;
  readonly description: string;
}

function info<T>(kind: OptionInfo["kind"], expected: string, description: string) {
  return v.metadata<T, OptionInfo & Record<string, unknown>>({ kind, expected, description });
}

function integer(min: number, max: number, description: string) {
  const expected = `an integer from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.integer(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("integer", expected, description),
  );
}

function number(min: number, max: number, description: string) {
  const expected = `a number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.minValue(min, expected),
    v.maxValue(max, expected),
    info("number", expected, description),
  );
}

function choice<const T extends readonly string[]>(choices: T, description: string) {
  const expected = `one of ${choices.join(", ")}`;
  return v.pipe(v.picklist(choices, expected), info("choice", expected, description));
}

function list(expected: string, description: string) {
  return v.pipe(
    v.array(v.pipe(v.string(expected), v.nonEmpty(expected)), expected),
    v.minLength(1, expected),
    info("list", expected, description),
  );
}

function text(expected: string, description: string) {
  return v.pipe(
    v.string(expected),
    v.nonEmpty(expected),
    info("text", expected, description),
  );
}

const optional = v.optional;

/**
 * Every option of a search. Those that are left out take the default that stands here.
 */
export const searchSchema = v.strictObject({
  dataset: optional(text("the name of a dataset", "which images to disturb"), "mnist"),
  pixels: optional(integer(1, 100, "disturbed pixels for each class (N_p)"), 1),
  perturbation: optional(
    choice(["add", "replace"], "add the value to the pixel, or put it in the pixel's place"),
    "add",
  ),
  trainSize: optional(
    integer(10, 1_000_000, "training images for each candidate, the same for all, stratified"),
    1000,
  ),
  network: optional(text("the name of a network", "network that is trained"), "graynet"),
  optimizer: optional(text("the name of an optimizer", "how it is trained"), "adam"),
  learningRate: optional(
    number(1e-8, 10, "step length of the optimizer; its usual one if left out"),
  ),
  batchSize: optional(integer(1, 4096, "images in a training step"), 32),
  epochs: optional(integer(1, 1000, "passes over the training images"), 4),
  mismatch: optional(
    choice(
      ["clean", "gap"],
      "semantic mismatch: cross-entropy on clean images, or that less the one on disturbed images",
    ),
    "gap",
  ),
  mismatchWeight: optional(number(0, 1000, "weight of the semantic mismatch in the fitness"), 1),
  divergenceWeight: optional(number(0, 1000, "weight of the domain divergence in the fitness"), 1),
  discriminatorSize: optional(
    integer(10, 1_000_000, "images of each kind that the discriminator learns from"),
    500,
  ),
  discriminatorEpochs: optional(integer(1, 1000, "passes over them"), 4),
  generations: optional(integer(1, 1_000_000, "updates of the search distribution"), 20),
  population: optional(
    integer(2, 100_000, "candidates in a generation; 4 + 3 ln(dimension) if left out"),
  ),
  sigma: optional(number(1e-6, 10, "initial step size, as a share of the search box"), 0.3),
  mode: optional(
    choice(["sync", "async"], "wait for a whole generation, or update from whatever arrives"),
    "sync",
  ),
  staleness: optional(
    choice(
      ["drop", "mix", "reweight"],
      "async: what becomes of results from an older distribution",
    ),
    "mix",
  ),
  maxAge: optional(integer(0, 1000, "async, drop: the oldest distribution that still counts"), 1),
  finalists: optional(integer(1, 1000, "best candidates that are trained again at the end"), 5),
  finalistRepeats: optional(
    integer(0, 100, "fresh seeds for each of them; 0 trusts the search"),
    2,
  ),
  seed: optional(integer(0, 2 ** 32 - 1, "fixes everything that does not depend on time"), 1),
  maxAttempts: optional(integer(1, 100, "trainings of a candidate before it counts as failed"), 3),
  leaseSeconds: optional(
    integer(1, 1_000_000, "time for one training before it is taken away"),
    600,
  ),
  devices: optional(
    list("a list such as cpu,cpu or auto or gpu:0,gpu:1", "one trainer for each entry"),
    ["auto"],
  ),
});

/** The options of a search, all of them optional. See `deno task search --help` for each. */
export type SearchOptions = v.InferInput<typeof searchSchema>;

/** A checked configuration, with every default filled in: what `config.json` holds. */
export type SearchConfiguration = Readonly<v.InferOutput<typeof searchSchema>>;

/** What is known of one option: how it is read, what is valid, and its default. */
export function describeOption(
  schema: v.GenericSchema,
): OptionInfo & { readonly default: unknown } {
  const wrapped = schema as v.OptionalSchema<v.GenericSchema, unknown>;
  return { ...(v.getMetadata(wrapped.wrapped) as unknown as OptionInfo), default: wrapped.default };
}

/**
 * Check options against a schema of this file and fill in the defaults.
 *
 * @param schema Such as {@linkcode searchSchema}.
 * @param options What the user gave.
 * @param nameOf How an option is called where the user gave it. Default: its own name.
 * @throws {ConfigurationError} For the first option that is unknown or not valid.
 */
export function checkOptions<T extends v.GenericSchema>(
  schema: T,
  options: unknown,
  nameOf: (option: string) => string = (option) => option,
): v.InferOutput<T> {
  const checked = v.safeParse(schema, options, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const key = issue.path?.map((item) => String(item.key)).join(".");
  if (key === undefined) {
    throw new ConfigurationError(
      `Cannot read the options: expected an object, received ${issue.received}`,
    );
  }
  if (issue.type === "strict_object") {
    throw new ConfigurationError(`Unknown option ${nameOf(key)}`);
  }
  throw new ConfigurationError(
    `Option ${nameOf(key)} must be ${issue.message}, received ${JSON.stringify(issue.input)}`,
  );
}
