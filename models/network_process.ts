/**
 * Loads a file with a network in a process of its own: whatever the file does, it can be ended.
 *
 * @module
 */
import { spawn, type SpawnOptions } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ImageShape } from "./shape.ts";

/** Options of {@linkcode loadNetwork}, for a network in a file. */
export interface LoadNetworkOptions {
  /** Ends the loading when it is aborted; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long the file may take, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
}

/** What the process answers. */
export interface NetworkAnswer {
  readonly type: "NetworkAnswer";
  /** What the file exports, or its function has built. */
  readonly network?: unknown;
  /** Why there is no network, in one line. */
  readonly refused?: string;
}

/** How long the last message of a process that has ended may be on its way. */
const LAST_WORDS_MS = 500;

const ENTRY = new URL("./network_process_entry.ts", import.meta.url);

/**
 * What a module exports by default, or what the function that it exports builds. The process may
 * read files, and nothing else; what it prints goes to this one's stderr.
 *
 * @param url Of the module, `file:`.
 * @returns Plain data, not checked.
 * @throws {TypeError} If there is none; the message is one line. (The promise rejects.)
 */
export function loadInProcess(
  url: string,
  input: ImageShape,
  classes: number,
  { signal, timeoutMs = 30_000 }: LoadNetworkOptions = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(
      process.execPath,
      ["run", "--no-prompt", "--allow-read", ...configFlag(url), ENTRY.href, url]
        .concat(JSON.stringify({ input, classes })),
      {
        stdio: ["ignore", 2, 2, "ipc"],
        serialization: "advanced",
        detached: true, // Ctrl-C is for this process, which then ends that one
      } satisfies SpawnOptions,
    );
    let settle: (() => void) | undefined;
    /** The first outcome counts; it is told when the process is gone. */
    const end = (outcome: () => void) => {
      settle ??= outcome;
      child.kill("SIGKILL");
    };
    const refuse = (why: string) => end(() => reject(new TypeError(why)));
    const onAbort = () => end(() => reject(signal!.reason));
    const timer = setTimeout(
      () => refuse(`it was not loaded within ${timeoutMs / 1000} s`),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
    child.on("message", (message: unknown) => {
      const { type, network, refused } = (message ?? {}) as Partial<NetworkAnswer>;
      if (type !== "NetworkAnswer") return; // the file's own
      if (typeof refused === "string") refuse(refused);
      else end(() => resolve(network));
    });
    child.on("error", (error) => refuse(error.message));
    child.on("exit", (code, killed) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      const how = killed === null ? `with code ${code}` : `by ${killed}`;
      const settled = () => {
        if (settle) settle();
        else reject(new TypeError(`the process that loaded it was ended ${how}`));
      };
      const leave = () => {
        clearTimeout(patience);
        if (child.connected) child.disconnect();
        settled();
      };
      // Without an outcome, what it has said may still be on its way; the end of the channel says that
      // nothing is, but is not always told.
      const patience = setTimeout(leave, settle || !child.connected ? 0 : LAST_WORDS_MS);
      child.once("disconnect", leave);
    });
  });
}

/** Of the configuration that is nearest to the file, for its imports. */
function configFlag(url: string): string[] {
  for (let folder = new URL(".", url);; folder = new URL("..", folder)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const file = fileURLToPath(new URL(name, folder));
      if (existsSync(file)) return [`--config=${file}`];
    }
    if (new URL("..", folder).href === folder.href) return [];
  }
}
