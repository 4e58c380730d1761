/**
 * One file from the network: several mirrors in turn, broken transfers resumed, and the file gets its
 * name only when its checksum is right. Deno's `fetch` obeys `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { PublishedFile } from "./known_dataset.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** The file's name. */
  readonly file: string;
  /** Bytes that are on the disk. */
  readonly received: number;
  /** Bytes of the whole file. */
  readonly total: number;
}

/** What a download may be told. */
export interface DownloadOptions {
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** A server that sends nothing for so long is given up. Default: 30,000 ms. */
  readonly idleMs?: number;
  /** Sent with each request. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Stops the download; what arrived is kept. */
  readonly signal?: AbortSignal;
}

/** How often one mirror is asked to go on, as long as each answer brought something. */
const MOST_ANSWERS = 10;

/** A mirror sent other content than the published file. */
class WrongContent extends Error {}

/**
 * Download one file.
 *
 * @param file What it must be.
 * @param folder It gets the file's published name there; until then the name ends in `.part`.
 * @param mirrors Bases of addresses, each ending in a slash.
 * @returns The file's path.
 * @throws {Error} If no mirror has the file; the message says why for each of them. What arrived
 *   stays in the `.part` file for the next attempt, unless it was wrong.
 * @throws {DOMException} If the signal was aborted.
 */
export async function download(
  file: PublishedFile,
  folder: string,
  mirrors: readonly string[],
  options: DownloadOptions = {},
): Promise<string> {
  const path = `${folder}/${file.name}`;
  const part = `${path}.part`;
  await Deno.mkdir(folder, { recursive: true });
  if (await isRight(file, path)) return path;
  const failures: string[] = [];
  for (const mirror of mirrors) {
    try {
      await receiveAll(file, part, mirror + file.name, options);
      await Deno.rename(part, path);
      return path;
    } catch (error) {
      if (error instanceof WrongContent) await Deno.remove(part);
      options.signal?.throwIfAborted();
      failures.push(`${mirror}: ${reasonOf(error as Error)}`);
    }
  }
  throw new Error(`Cannot download ${file.name}: ${failures.join("; ") || "no mirror is known"}`);
}

/** Why a request failed: `fetch` says it in the cause, after the address. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message.replace(/^.*client error /, "") : message;
}

/** Ask one mirror until the file is whole, or an answer brings nothing new. */
async function receiveAll(
  file: PublishedFile,
  part: string,
  url: string,
  options: DownloadOptions,
): Promise<void> {
  const already = await lengthOf(part);
  let broken: Error | undefined;
  for (let answer = 0; answer < MOST_ANSWERS; answer++) {
    const before = await lengthOf(part);
    if (before >= file.bytes) break;
    try {
      await receive(file, part, url, before, options);
      broken = undefined;
    } catch (error) {
      broken = error as Error;
      const { signal } = options;
      if (error instanceof WrongContent || signal?.aborted) throw error;
      if ((await lengthOf(part)) <= before) throw error;
    }
  }
  if (broken) throw broken;
  const sha256 = await hashFile(part);
  if (sha256 === file.sha256) return;
  if (already > 0) { // what an earlier attempt left may have been what was wrong
    await Deno.remove(part);
    return await receiveAll(file, part, url, options);
  }
  throw new WrongContent(`expected the SHA-256 ${file.sha256}, received ${sha256}`);
}

/** Append what one answer brings. */
async function receive(
  file: PublishedFile,
  part: string,
  url: string,
  have: number,
  { onProgress, idleMs = 30_000, headers: given, signal }: DownloadOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const abort = new AbortController();
  const idle = () => abort.abort(new Error(`nothing was received for ${idleMs} ms`));
  let timer = setTimeout(idle, idleMs);
  try {
    const headers = new Headers({ ...given, "accept-encoding": "identity" });
    if (have > 0) headers.set("range", `bytes=${have}-`);
    const either = AbortSignal.any([abort.signal, ...(signal ? [signal] : [])]);
    const response = await fetch(url, { headers, signal: either });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
    }
    const resumed = response.headers.get("content-range")?.startsWith(`bytes ${have}-`) ?? false;
    let received = response.status === 206 && resumed ? have : 0;
    using out = await Deno.open(part, { write: true, create: true });
    await out.truncate(received);
    await out.seek(received, Deno.SeekMode.Start);
    for await (const chunk of response.body) {
      clearTimeout(timer);
      timer = setTimeout(idle, idleMs);
      received += chunk.length;
      if (received > file.bytes) {
        throw new WrongContent(`expected ${file.bytes} bytes, received more`);
      }
      for (let at = 0; at < chunk.length;) at += await out.write(chunk.subarray(at));
      onProgress?.({ file: file.name, received, total: file.bytes });
    }
    if (received < file.bytes) {
      throw new Error(`expected ${file.bytes} bytes, received ${received}`);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function isRight(file: PublishedFile, path: string): Promise<boolean> {
  return (await lengthOf(path)) === file.bytes && (await hashFile(path)) === file.sha256;
}

async function lengthOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
