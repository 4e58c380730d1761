/**
 * What was probably meant by a name that is not there.
 *
 * @module
 */
// @ts-types="../../deps/std/levenshtein_distance.d.ts"
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/**
 * The end of a message about a name that is not there: `; did you mean --epochs?`
 *
 * @param given What was typed.
 * @param names What could have been. One that begins with what was typed is the nearest; otherwise at
 * most a third of the letters may be others.
 * @returns Nothing if no name is near.
 */
export function suggestion(given: string, names: readonly string[]): string {
  const distance = (name: string) => name.startsWith(given) ? 0 : levenshteinDistance(given, name);
  const [nearest] = names.map((name) => ({ name, by: distance(name) })).sort((a, b) => a.by - b.by);
  if (!nearest || nearest.by > Math.floor(given.length / 3)) return "";
  return `; did you mean ${nearest.name}?`;
}
