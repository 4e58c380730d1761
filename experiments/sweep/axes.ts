/**
 * `--sweep trainers=1,4,16 --sweep mode=sync,async`: which options are tried with which values.
 *
 * @module
 */
import { ConfigurationError, describeOption, flagOf, type OptionSchemas } from "../../options.ts";
import { simulationSchema } from "../../simulation/configuration.ts";
import { parseDuration } from "../../duration.ts";
import { readValue } from "../terminal/command.ts";

/** An option that is swept. */
export interface SweptOption {
  readonly option: string;
  /** At least one; no two are the same. */
  readonly values: readonly SweptValue[];
}

/** One of the values of an option. */
export interface SweptValue {
  /** As it was given. */
  readonly text: string;
  /** As the option takes it; not checked. */
  readonly value: unknown;
}

/** What a sweep looks like, in words. */
export const sweepExpected = "NAME=VALUE,VALUE,..., of one or two options";

const MOST_OPTIONS = 2;

/**
 * Read a sweep.
 *
 * @param items What was given, split at commas: an item `NAME=VALUE` begins an option, and those after
 * it are more values of it.
 * @param given The other options that were given.
 * @throws {ConfigurationError} If an option is unknown, given twice or without values.
 */
export function readSweep(
  items: readonly string[],
  given: Readonly<Record<string, unknown>>,
): SweptOption[] {
  const axes: { option: string; values: SweptValue[] }[] = [];
  for (const item of items) {
    const begin = /^([a-z][A-Za-z-]*)=(.*)$/s.exec(item);
    if (begin) axes.push({ option: optionOf(begin[1]!, given), values: [] });
    const axis = axes.at(-1);
    if (!axis) {
      throw new ConfigurationError(`Option --sweep must be ${sweepExpected}, received "${item}"`);
    }
    axis.values.push(valueOf(axis.option, begin ? begin[2]! : item));
  }
  if (axes.length > MOST_OPTIONS) {
    throw new ConfigurationError(
      `Option --sweep must be ${sweepExpected}, received ${axes.length} options`,
    );
  }
  requireDifferent(axes);
  return axes;
}

/** The numbers that the values of an option stand for, durations in seconds, or `undefined`. */
export function numbersOf({ values }: SweptOption): number[] | undefined {
  const numbers = values.map(({ text }) => {
    const ms = parseDuration(text);
    return ms === undefined ? Number(text) : ms / 1000;
  });
  const isNumber = numbers.every((number) => Number.isFinite(number));
  return isNumber ? numbers : undefined;
}

function optionOf(name: string, given: Readonly<Record<string, unknown>>): string {
  const option = Object.keys(simulationSchema.entries)
    .find((option) => flagOf(option) === `--${name}` || option === name);
  if (option === undefined) {
    throw new ConfigurationError(
      `Cannot sweep ${name}: expected an option of a simulation, such as trainers; ` +
        "`deno task simulate --help` lists all",
    );
  }
  if (option === "seed") {
    throw new ConfigurationError("Cannot sweep seed: --repeats takes several seeds");
  }
  if (given[option] !== undefined) {
    throw new ConfigurationError(
      `Cannot sweep ${name}: ${flagOf(option)} was given as well; leave it out`,
    );
  }
  return option;
}

/** `none` leaves an option out that has no default. */
function valueOf(option: string, text: string): SweptValue {
  const entries: OptionSchemas = simulationSchema.entries;
  const info = describeOption(entries[option]!);
  if (text === "none" && info.default === undefined) return { text, value: undefined };
  return { text, value: readValue(`--sweep ${flagOf(option).slice(2)}`, text, info) };
}

function requireDifferent(axes: readonly SweptOption[]): void {
  const options = axes.map(({ option }) => option);
  const again = options.find((option, index) => options.indexOf(option) !== index);
  if (again !== undefined) {
    throw new ConfigurationError(`Cannot sweep ${flagOf(again).slice(2)}: it is there twice`);
  }
  for (const { option, values } of axes) {
    const keys = values.map(({ value }) => JSON.stringify(value));
    const twice = values.find((_, index) => keys.indexOf(keys[index]!) !== index);
    if (twice) {
      throw new ConfigurationError(
        `Cannot sweep ${flagOf(option).slice(2)}: it has ${twice.text} twice`,
      );
    }
  }
}
