/**
 * Values as bytes, and back: what structured clone copies, as in the channel of a process.
 *
 * @module
 */

import { DefaultDeserializer, serialize } from "node:v8";

/** @throws {Error} If it holds what cannot travel, such as a `SharedArrayBuffer`. */
export function toBytes(value: unknown): Uint8Array {
  return serialize(value);
}

/** @throws {Error} If they are not those of a value. */
export function fromBytes(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  reader.readHeader();
  return reader.readValue();
}

/** What a reader has that its types do not show. */
const { _readHostObject } = DefaultDeserializer.prototype as unknown as {
  _readHostObject(this: Reader): Uint8Array | DataView<ArrayBuffer>;
};

/** Gives every view a buffer of its own; they would all be views of the bytes that are read. */
class Reader extends DefaultDeserializer {
  /** Called by `readValue`. */
  _readHostObject(): ArrayBufferView {
    const view = _readHostObject.call(this);
    if (!(view instanceof DataView)) return view.slice();
    const { buffer, byteOffset, byteLength } = view;
    return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
  }
}
