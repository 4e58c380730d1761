/**
 * What is in a folder of images: the folders of classes, and the PNG files in each. Every entry is
 * accounted for: it is one of these, or it is passed over and counted, or it is refused.
 *
 * @module
 */
import { PassedOver } from "../remarks.ts";

/** A PNG file of a class. */
export interface ImageFile {
  /** `class/file`, or `class/folder/file`, Unicode-normalised (NFC): the same on every disk. */
  readonly name: string;
  /** Where it is. */
  readonly path: string;
}

/** A class is a folder. */
export interface ClassFolder {
  /** The folder's name, Unicode-normalised (NFC). */
  readonly name: string;
  /** Its images, and those of the folders in it, in the order of their names. */
  readonly images: readonly ImageFile[];
}

/** The entries of a folder that can be used. */
export interface Listing {
  readonly path: string;
  readonly folders: readonly Entry[];
  readonly files: readonly Entry[];
  /** What else is in it. */
  readonly passedOver: PassedOver;
}

/** What has a name in a folder. */
export interface Entry {
  /** Unicode-normalised (NFC). */
  readonly name: string;
  readonly path: string;
}

/** Folders that file managers, archives and disks put beside the user's own. */
const SYSTEM_FOLDERS = [
  "@eaDir",
  "#recycle",
  "$RECYCLE.BIN",
  "System Volume Information",
  "__MACOSX",
  "lost+found",
];

/**
 * Open a folder that holds folders of classes, or of halves, or files that are read.
 *
 * @param isRead Whether a file with that name is read; the others are passed over. Default: none is.
 */
export async function openFolder(
  path: string,
  isRead: (name: string) => boolean = () => false,
): Promise<Listing> {
  const passedOver = new PassedOver(path);
  const listing = await list(path, passedOver);
  for (const { name } of listing.files) {
    if (isRead(name)) continue;
    passedOver.add(isPng(name) ? "beside the folders" : endingOf(name), name);
  }
  return { path, ...listing, passedOver };
}

/**
 * The classes of a folder, in the order of their names.
 *
 * @throws {RangeError} If a class has no image, two have the same name, a link leads nowhere or in a
 *   circle, or a name is not Unicode.
 */
export async function readClasses({ path, folders, passedOver }: Listing): Promise<ClassFolder[]> {
  const top = await Deno.realPath(path);
  const classes: ClassFolder[] = [];
  for (const { name, path: folder } of folders) {
    if (classes.at(-1)?.name === name) {
      throw new RangeError(`Cannot load ${path}: it has two folders with the name ${name}`);
    }
    const images = await imagesUnder({ name, path: folder }, [top], passedOver);
    if (images.length === 0) {
      throw new RangeError(
        `Cannot load ${path}: expected PNG files in the folder ${name}, received none` +
          passedOver.ending,
      );
    }
    classes.push({ name, images: images.sort(byName) });
  }
  return classes;
}

/** The PNG files of a folder and of those in it. `within` are the real paths of what it is in. */
async function imagesUnder(
  { name, path }: Entry,
  within: readonly string[],
  passedOver: PassedOver,
): Promise<ImageFile[]> {
  const real = await Deno.realPath(path);
  if (within.includes(real)) {
    throw new RangeError(`Cannot load ${path}: it is a link to a folder that it is in`);
  }
  const { folders, files } = await list(path, passedOver, name);
  const images: ImageFile[] = [];
  for (const file of files) {
    const inside = { name: `${name}/${file.name}`, path: file.path };
    if (isPng(file.name)) images.push(inside);
    else passedOver.add(endingOf(file.name), inside.name);
  }
  for (const folder of folders) {
    const inside = { name: `${name}/${folder.name}`, path: folder.path };
    for (const image of await imagesUnder(inside, [...within, real], passedOver)) {
      images.push(image);
    }
  }
  return images;
}

/** Folders and files, in the order of their names; the rest is passed over. */
async function list(
  path: string,
  passedOver: PassedOver,
  within?: string,
): Promise<Pick<Listing, "folders" | "files">> {
  const folders: Entry[] = [];
  const files: Entry[] = [];
  for (const entry of await namesIn(path)) {
    const found = { name: entry.name.normalize("NFC"), path: `${path}/${entry.name}` };
    const pass = (why: string) =>
      passedOver.add(why, within === undefined ? found.name : `${within}/${found.name}`);
    if (entry.name.startsWith(".")) {
      pass("hidden");
      continue;
    }
    const kind = entry.isSymlink || entry.name.includes("\ufffd")
      ? await followed(found.path)
      : entry;
    if (kind.isDirectory && SYSTEM_FOLDERS.includes(entry.name)) pass("of the system");
    else if (kind.isDirectory) folders.push(found);
    else if (kind.isFile) files.push(found);
    else pass("neither file nor folder");
  }
  return { folders: folders.sort(byName), files };
}

/** In a fixed order, whatever the disk's. */
async function namesIn(path: string): Promise<Deno.DirEntry[]> {
  const entries = await Array.fromAsync(Deno.readDir(path));
  return entries.sort((a, b) => byCodePoints(a.name, b.name));
}

/** What a link leads to. */
async function followed(path: string): Promise<Deno.FileInfo> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    const why = path.includes("\ufffd")
      ? "its name is not in UTF-8"
      : error instanceof Deno.errors.NotFound
      ? `it is a link to ${await Deno.readLink(path)}, which is not there`
      : (error as Error).message;
    throw new RangeError(`Cannot load ${path}: ${why}`, { cause: error });
  }
}

/** `cat.PNG` is a PNG file, too. */
function isPng(name: string): boolean {
  return /\.png$/i.test(name);
}

/** `.jpg` of `cat.JPG`. */
function endingOf(name: string): string {
  return /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? "without an ending";
}

function byName(a: Entry, b: Entry): number {
  return byCodePoints(a.name, b.name);
}

/** As UTF-8 bytes compare. JavaScript compares UTF-16, where some later characters come earlier. */
function byCodePoints(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    if (a[at] !== b[at]) return a.codePointAt(at)! - b.codePointAt(at)!;
  }
  return a.length - b.length;
}
