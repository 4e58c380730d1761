/**
 * Files that are whole after a power cut, and errors that say which file could not be written.
 *
 * @module
 */

import { isGranted } from "../../permissions.ts";

/**
 * Write a file whole or not at all: under another name, to the disk itself, and only then under its
 * own.
 *
 * @param partial The other name. Default: `PATH.partial`.
 */
export function writeDurably(path: string, text: string, partial = `${path}.partial`): void {
  {
    using file = Deno.openSync(partial, { create: true, write: true, truncate: true });
    writeBytes(file, partial, new TextEncoder().encode(text));
    file.syncSync();
  }
  Deno.renameSync(partial, path);
  syncFolderOf(path);
}

/**
 * Write all bytes to an open file.
 *
 * @param path Of the file, for the error if that fails.
 */
export function writeBytes(file: Deno.FsFile, path: string, bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length;) {
      written += file.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    throw namingFile(path, error);
  }
}

/** An error of the system, which does not say of which open file it speaks, with the file's path. */
export function namingFile(path: string, error: unknown): unknown {
  if (error instanceof Error && "code" in error) {
    error.message = `Cannot write ${path}: ${error.message}`;
  }
  return error;
}

/**
 * Bring to the disk which names are in the folder of a file, where the system and the file system can
 * do that, and Deno allows it.
 */
export function syncFolderOf(path: string): void {
  const around = path.replace(/[^/]*\/*$/, "") || ".";
  if (!isGranted({ name: "read", path: around })) return;
  try {
    using folder = Deno.openSync(around);
    folder.syncSync();
  } catch {
    // The file is on the disk; that its name is, too, is more than some can promise.
  }
}
