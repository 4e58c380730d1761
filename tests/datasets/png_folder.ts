/** Folders of small PNG files. */
import { encode } from "fast-png";

export interface Picture {
  readonly width?: number;
  readonly height?: number;
  readonly channels?: 1 | 3 | 4;
  readonly depth?: 8 | 16;
  /** The first value; each is one more than the one before. */
  readonly first?: number;
}

export function png(
  { width = 3, height = 2, channels = 1, depth = 8, first = 0 }: Picture = {},
): Uint8Array {
  const values = Array.from({ length: width * height * channels }, (_, i) => first + i);
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return encode({ width, height, channels, depth, data });
}

/** Write files by their paths in a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  for (const [name, bytes] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeFileSync(path, bytes);
  }
}
