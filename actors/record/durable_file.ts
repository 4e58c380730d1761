/**
 * Files that are whole after a power cut.
 *
 * @module
 */

/**
 * Write a file whole or not at all: under another name, to the disk itself, and only then under its
 * own.
 *
 * @param partial The other name. Default: `PATH.partial`.
 */
export function writeDurably(path: string, text: string, partial = `${path}.partial`): void {
  {
    using file = Deno.openSync(partial, { create: true, write: true, truncate: true });
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
    file.syncSync();
  }
  Deno.renameSync(partial, path);
  syncFolderOf(path);
}

/**
 * Bring to the disk which names are in the folder of a file, where the system and the file system
 * can do that.
 */
export function syncFolderOf(path: string): void {
  try {
    using folder = Deno.openSync(path.replace(/[^/]*\/*$/, "") || ".");
    folder.syncSync();
  } catch {
    // The file is on the disk; that its name is, too, is more than some can promise.
  }
}
