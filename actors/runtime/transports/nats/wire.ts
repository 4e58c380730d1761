/**
 * What travels between a system and a host: what the actor's two ends say to each other, and what
 * only the host can do or know.
 *
 * @module
 */

import { refusal } from "../from_actor.ts";
import type { ToActor } from "../wire.ts";

/** From the system to the host, which checks it. */
export type ToHost =
  | readonly ["batch", batch: readonly ToActor[]]
  | readonly ["kill"];

/** From the host to the system, which checks it. */
export type FromHost =
  /** What the actor has sent, whatever that is. */
  | readonly ["batch", batch: unknown]
  | readonly ["warn", why: string]
  | readonly ["failed", error: Error]
  /** The worker or the process has ended; nothing follows. */
  | readonly ["gone", code: number | null, signal: string | null];

/** @throws {TypeError} If no system would send it. */
export function assertToHost(item: unknown): asserts item is ToHost {
  if (Array.isArray(item) && (item[0] === "kill" || item[0] === "batch")) return;
  throw new TypeError(refusal(item));
}

/** @throws {TypeError} If no host would send it. */
export function assertFromHost(item: unknown): asserts item is FromHost {
  if (!Array.isArray(item) || !isFromHost(item)) throw new TypeError(refusal(item));
}

function isFromHost(item: readonly unknown[]): boolean {
  switch (item[0]) {
    case "batch":
      return true;
    case "warn":
      return typeof item[1] === "string";
    case "failed":
      return item[1] instanceof Error;
    case "gone":
      return (item[1] === null || Number.isSafeInteger(item[1])) &&
        (item[2] === null || typeof item[2] === "string");
    default:
      return false;
  }
}
