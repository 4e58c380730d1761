/**
 * Unpacking with a limit: a file that unpacks to more than it can hold is refused before it fills
 * the memory.
 *
 * @module
 */

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
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream(format));
  try {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > limit) {
        throw new RangeError(
          `Cannot unpack ${name}: expected at most ${limit} bytes, received more`,
        );
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new SyntaxError(`Cannot unpack ${name}: the ${format} data are damaged or cut`, {
      cause: error,
    });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
