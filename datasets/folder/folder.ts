/**
 * A folder of one's own images: PNG files in folders of classes, or IDX files.
 *
 * @module
 */
import { listed } from "../remarks.ts";
import type { Split, SplitName } from "../split.ts";
import { openFolder } from "./class_folders.ts";
import { isIdxName, loadIdxFolder } from "./idx_folder.ts";

/**
 * One half of the images in a folder.
 *
 * @param path Its absolute path.
 * @throws {RangeError} If the folder does not hold what it should, or both IDX files and folders.
 * @throws {SyntaxError} If a file is damaged.
 */
export async function loadFolder<Name extends SplitName>(
  path: string,
  name: Name,
): Promise<Split<Name>> {
  const top = await openFolder(path, isIdxName);
  const idx = top.files.filter((file) => isIdxName(file.name));
  if (idx.length === 0) {
    const { loadPngFolder } = await import("./png_folder.ts"); // the only user of the PNG decoder
    return await loadPngFolder(top, name);
  }
  if (top.folders.length === 0) return await loadIdxFolder(top, idx, name);
  const namesOf = (entries: readonly { readonly name: string }[]) =>
    listed(entries.map((entry) => entry.name));
  throw new RangeError(
    `Cannot load ${path}: expected either IDX files or folders, received the files ` +
      `${namesOf(idx)} and the folders ${namesOf(top.folders)}`,
  );
}
