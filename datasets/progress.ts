/**
 * A download's progress as text.
 *
 * @module
 */
import type { DownloadProgress } from "./download.ts";

/** A number of bytes as people read it: `9.9 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB"][power]}`;
}

/**
 * One line, `name [####----] 40% of 9.9 MB`, as wide as asked for where that is enough.
 *
 * @param width Number of characters.
 */
export function renderProgress({ file, received, total }: DownloadProgress, width: number): string {
  const share = received / total;
  const end = ` ${Math.floor(100 * share)}% of ${formatBytes(total)}`;
  const room = Math.max(0, width - file.length - end.length - 3);
  const done = Math.floor(room * share);
  return `${file} [${"#".repeat(done)}${"-".repeat(room - done)}]${end}`;
}
