/**
 * A term of the fitness of your own: how much a disturbance can be seen. With a negative weight the
 * search prefers faint pixels. The file's name is the name of its column in the CSV files.
 *
 *     deno task search --terms examples/visibility.ts=-0.5
 *
 * @module
 */
import type { Term } from "../mod.ts";

/** The mean size of what is added to a pixel, 0 to 1. */
export const term: Term = ({ classes }) => {
  const values = classes.flatMap((pixels) => pixels.flatMap(({ value }) => value));
  return values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
};
