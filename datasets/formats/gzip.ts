/**
 * Unpacking with a limit: a file that unpacks to more than it can hold is refused before it fills
 * the memory.
 *
 * @module
 */

/** Whether bytes begin as gzip data do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpack gzip or zlib data.
 *
 * @param packed The packed bytes.
 * @param format `"gzip"`, or `"deflate"` for zlib data.
 * @param limit The most bytes that may come out.
 * @param name The file's name, for the error.
 * @throws {SyntaxError} If the data are damaged or cut.
 * @throws {RangeError} If more than `limit` bytes come out.
 */
export async function unpack(
  packed: Uint8Array<ArrayBuffer>,
  format: "gzip" | "deflate",
  limit: number,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of unpackedChunks(packed, format, name)) {
    length += chunk.length;
    if (length > limit) {
      throw new RangeError(`Cannot unpack ${name}: expected at most ${limit} bytes, received more`);
    }
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * Unpack as far as is asked for, piece by piece.
 *
 * @param name The file's name, for the error.
 * @throws {SyntaxError} If the data are damaged or cut.
 */
export async function* unpackedChunks(
  packed: Uint8Array<ArrayBuffer>,
  format: "gzip" | "deflate",
  name: string,
): AsyncGenerator<Uint8Array> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
  try {
    yield* stream;
  } catch (error) {
    throw new SyntaxError(`Cannot unpack ${name}: the ${format} data are damaged or cut`, {
      cause: error,
    });
  }
}
