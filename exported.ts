/**
 * What a module of the user's exports, for who expected something else.
 *
 * @module
 */

/** More names than this are counted. */
const SHOWN = 8;

/**
 * The end of a message about a module.
 *
 * @param module As it was imported.
 * @returns `received one that exports evaluate (number), population (object)`.
 */
export function exported(module: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(module);
  const shown = names.slice(0, SHOWN).map((name) => `${name} (${typeof module[name]})`);
  const more = names.length > SHOWN ? [`${names.length - SHOWN} more`] : [];
  return `received one that exports ${[...shown, ...more].join(", ") || "nothing"}`;
}
