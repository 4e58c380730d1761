/**
 * Checks of a disturbance: of one that a program made, pixel by pixel, and of one that comes from
 * outside, from a file that a person or another program wrote.
 *
 * @module
 */
import * as v from "valibot";
import type { Shape } from "../split.ts";
import type { Disturbance, DisturbedPixel } from "./perturbation.ts";

const place = v.pipe(
  v.number("an integer from 0"),
  v.integer("an integer from 0"),
  v.minValue(0, "an integer from 0"),
);
const size = v.pipe(v.number(), v.integer(), v.minValue(1));
const SHAPE = "[channels, height, width], three positive integers";
const WHOLE = "an object with mode, shape and classes";
const value = v.pipe(
  v.number("a number from -1 to 1"),
  v.minValue(-1, "a number from -1 to 1"),
  v.maxValue(1, "a number from -1 to 1"),
);
const pixel = v.strictObject(
  { row: place, column: place, value: v.array(value, "a list with a number for each channel") },
  "an object with row, column and value",
);
const schema = v.strictObject({
  mode: v.picklist(["add", "replace"], "add or replace"),
  shape: v.strictTuple([size, size, size]),
  classes: v.array(v.array(pixel, "a list of pixels"), "a list with the pixels of each class"),
}, WHOLE);

/**
 * Check a disturbance that was read as JSON. Several pixels of a class may lie on one spot.
 *
 * @param content Anything.
 * @param name What it is called in errors. Default: `"the disturbance"`.
 * @throws {RangeError} If it is no {@linkcode Disturbance}, a pixel lies outside the image, or a value
 *   is not in [-1, 1]. The message is one line.
 * @throws {TypeError} If a pixel does not have one value for each channel.
 */
export function checkDisturbance(content: unknown, name = "the disturbance"): Disturbance {
  if (Array.isArray(content)) {
    throw new RangeError(`Cannot use ${name}: expected ${WHOLE}, received ${shown(content)}`);
  }
  const checked = v.safeParse(schema, content, { abortEarly: true });
  if (!checked.success) {
    throw new RangeError(`Cannot use ${name}: ${complaint(checked.issues[0])}`);
  }
  const { shape, classes } = checked.output;
  classes.forEach((pixels, label) =>
    pixels.forEach((pixel, index) =>
      checkPixel(pixel, shape, `pixel ${index} of class ${label}`, name)
    )
  );
  return checked.output;
}

/**
 * Check one pixel against the shape of the images.
 *
 * @param which What it is called in errors: `pixel 0 of class 3`.
 * @param name What the disturbance is called in errors. Default: `"the disturbance"`.
 * @throws {RangeError} If it lies outside the image, or a value is not finite.
 * @throws {TypeError} If it does not have one value for each channel.
 */
export function checkPixel(
  { row, column, value }: DisturbedPixel,
  [channels, height, width]: Shape,
  which: string,
  name = "the disturbance",
): void {
  const inside = (at: number, size: number) => Number.isInteger(at) && at >= 0 && at < size;
  if (!inside(row, height) || !inside(column, width)) {
    throw new RangeError(
      `Cannot use ${name}: ${which} must lie in ${height} rows and ${width} columns, ` +
        `received row ${row}, column ${column}`,
    );
  }
  if (value.length !== channels) {
    throw new TypeError(
      `Cannot use ${name}: ${which} must have ${channels} value${channels === 1 ? "" : "s"}, ` +
        `received ${value.length}`,
    );
  }
  const wrong = value.find((number) => !Number.isFinite(number));
  if (wrong !== undefined) {
    throw new RangeError(
      `Cannot use ${name}: the values of ${which} must be finite, received ${wrong}`,
    );
  }
}

/** What is wrong, and where, for the end of a sentence. */
function complaint({ path, type, expected, message, input }: v.BaseIssue<unknown>): string {
  const first = path?.[0];
  if (first?.key === "shape" && first.value !== undefined) {
    return `shape must be ${SHAPE}, received ${shown(first.value)}`;
  }
  const where = placeOf(path?.map(({ key }) => key) ?? []);
  if (where === "") return `expected ${message}, received ${shown(input)}`;
  if (type === "strict_object" && expected === "never") return `${where} is not known`;
  if (input === undefined) return `${where} is missing`;
  return `${where} must be ${message}, received ${shown(input)}`;
}

/** `row of pixel 0 of class 3`; empty for the whole. */
function placeOf([first, label, pixel, key, channel]: readonly unknown[]): string {
  if (first !== "classes" || label === undefined) return `${first ?? ""}`;
  const names = [`class ${label}`];
  if (pixel !== undefined) names.unshift(`pixel ${pixel}`);
  if (key !== undefined) names.unshift(channel === undefined ? `${key}` : `${key} ${channel}`);
  return names.join(" of ");
}

const MOST_SHOWN = 60;

/** A value as JSON, cut where it is long. */
function shown(value: unknown): string {
  const isJson = typeof value === "object" || typeof value === "string";
  const text = isJson ? JSON.stringify(value) : String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}
