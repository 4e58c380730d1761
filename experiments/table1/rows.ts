/**
 * The rows of the paper's table, and those that this project adds.
 *
 * @module
 */
import { SEARCHED_METHODS } from "../study/methods.ts";

/** A way to disturb the training images, with a number of pixels. */
export interface Row {
  /** Such as `mddes 2 px`. */
  readonly name: string;
  readonly method: "clean" | "leftmost" | "uniform" | "ops" | SearchedMethod;
  /** For each class; `null` for clean images. */
  readonly pixels: number | null;
}

type SearchedMethod = keyof typeof SEARCHED_METHODS;

/** Whether a search finds the disturbances of a method. */
export function isSearched(method: Row["method"]): method is SearchedMethod {
  return method in SEARCHED_METHODS;
}

/**
 * Every row of the table.
 *
 * @param pixels At least one number; what is compared with `mddes` to say what the search and its
 * terms add has the first of them.
 */
export function rowsOf(pixels: readonly number[]): Row[] {
  const row = (method: Row["method"], count: number): Row => ({
    name: `${method} ${count} px`,
    method,
    pixels: count,
  });
  const first = pixels[0]!;
  return [
    { name: "clean", method: "clean", pixels: null },
    row("leftmost", 1),
    ...pixels.map((count) => row("uniform", count)),
    row("ops", first),
    ...pixels.map((count) => row("mddes", count)),
    row("class-wise", first),
    row("random-search", first),
    row("fm-only", first),
    row("fd-only", first),
  ];
}
