/**
 * What is inside a file: itself, unpacked if it is packed, or the files of an archive. Nothing is
 * written to disk, so a name in an archive cannot point anywhere.
 *
 * @module
 */
import { isGzip, unpack } from "../formats/gzip.ts";

/** A file's name and its unpacked bytes. */
export interface Content {
  /** The name alone, without folders. */
  readonly name: string;
  /** The bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Read a file, unpack gzip, list the files of a tar archive.
 *
 * @param path The file.
 * @param limit The most bytes that it may unpack to.
 * @throws {SyntaxError} If it is damaged or cut, or an archive holds a link or a path with `..`.
 * @throws {RangeError} If it is larger than the limit.
 */
export async function readContents(path: string, limit: number): Promise<Content[]> {
  const { size } = await Deno.stat(path);
  if (size > limit) {
    throw new RangeError(`Cannot read ${path}: expected at most ${limit} bytes, received ${size}`);
  }
  let bytes = await Deno.readFile(path);
  if (isGzip(bytes)) bytes = await unpack(bytes, "gzip", limit, path);
  if (isTar(bytes)) return await readTar(bytes, path);
  return [{ name: baseName(path).replace(/\.gz$/, ""), bytes }];
}

function isTar(bytes: Uint8Array): boolean {
  return bytes.length >= 512 && String.fromCharCode(...bytes.subarray(257, 262)) === "ustar";
}

async function readTar(archive: Uint8Array<ArrayBuffer>, path: string): Promise<Content[]> {
  const { createTarDecoder } = await import("modern-tar");
  const contents: Content[] = [];
  try {
    const entries = new Blob([archive]).stream().pipeThrough(createTarDecoder({ strict: true }));
    for await (const { header, body } of entries) {
      const { name, type } = header;
      if (name.startsWith("/") || name.split(/[/\\]/).includes("..")) {
        throw new SyntaxError(`it holds the path ${name}, which leads out of it`);
      }
      if (type !== "file" && type !== "directory") {
        throw new SyntaxError(`it holds ${name}, a ${type}, where only files are expected`);
      }
      const bytes = new Uint8Array(await new Response(body).arrayBuffer());
      if (type === "file") contents.push({ name: baseName(name), bytes });
    }
  } catch (error) {
    throw new SyntaxError(`Cannot read the archive ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return contents;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
