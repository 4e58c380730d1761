/**
 * Text as bytes. Most of it is short and is written at once, and then a buffer for each text would
 * take longer than its bytes.
 *
 * @module
 */
const encoder = new TextEncoder();
const buffer = new Uint8Array(1 << 18);

/** UTF-16 has no unit that takes more. */
const MOST_BYTES_OF_A_UNIT = 3;

/** The bytes of a text; they stay as they are until the next call. */
export function utf8(text: string): Uint8Array {
  if (text.length * MOST_BYTES_OF_A_UNIT > buffer.length) return encoder.encode(text);
  return buffer.subarray(0, encoder.encodeInto(text, buffer).written);
}
