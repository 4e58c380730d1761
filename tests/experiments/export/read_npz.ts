/** A reader of `.npz` files that shares no code with the writer. */
import { crc32, inflateRawSync } from "node:zlib";

export interface Entry {
  readonly name: string;
  /** In DOS format. */
  readonly date: number;
  readonly content: Uint8Array;
}

/** The files of a zip, by its directory, as Python's `zipfile` reads it. */
export function unzip(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error("expected a directory at the end");
  const entries: Entry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error("expected an entry");
    const [method, date] = [view.getUint16(at + 10, true), view.getUint32(at + 12, true)];
    const [sum, packed, size] = [16, 20, 24].map((from) => view.getUint32(at + from, true));
    const [nameLength, extra, comment] = [28, 30, 32].map((from) =>
      view.getUint16(at + from, true)
    );
    const local = view.getUint32(at + 42, true);
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (method !== 8) throw new Error(`expected deflate, received method ${method}`);
    const content = inflateRawSync(bytes.subarray(from, from + packed!));
    if (content.length !== size || crc32(content) !== sum) {
      throw new Error("the content is damaged");
    }
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength!));
    entries.push({ name, date, content: new Uint8Array(content) });
    at += 46 + nameLength! + extra! + comment!;
  }
  return entries;
}

/** An array of unsigned bytes. */
export interface Npy {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The arrays of a `.npz` file by name. */
export function readNpz(path: string): Record<string, Npy> {
  return Object.fromEntries(
    unzip(Deno.readFileSync(path)).map(({ name, content }) => {
      const length = 10 + new DataView(content.buffer).getUint16(8, true);
      const head = String.fromCharCode(...content.subarray(10, length));
      const shape = /^\{'descr': '\|u1', 'fortran_order': False, 'shape': \((.+)\), \} *\n$/
        .exec(head)![1]!.split(",").filter(Boolean).map(Number);
      return [name.replace(/\.npy$/, ""), { shape, bytes: content.subarray(length) }];
    }),
  );
}
