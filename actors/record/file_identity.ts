/**
 * Whether an open file is still the one at its path.
 *
 * @module
 */

/**
 * Whether nobody has removed an open file, or put another one in its place. A file that is gone from
 * its folder can be written to all the same, and nobody will ever read it.
 *
 * @param path Where it was opened.
 * @param open What the open file itself says.
 */
export function isStillAt(path: string, open: Deno.FileInfo): boolean {
  try {
    const there = Deno.statSync(path);
    return there.ino === open.ino && there.dev === open.dev;
  } catch (error) {
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (gone) return false;
    throw error;
  }
}
