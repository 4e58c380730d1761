/**
 * Checks what comes from another thread, process or host. Not only the actor writes there: a library that
 * it uses may, too.
 *
 * @module
 */

import { inspect } from "node:util";
import { type Message, PROTOCOL_VERSION } from "../envelope.ts";
import { assertMessage, assertPlainData } from "../plain_data.ts";
import type { Launch } from "./transport.ts";
import type { FromActor } from "./wire.ts";

const LEVELS: readonly unknown[] = ["debug", "info", "warn", "error"];

/**
 * Checks one item of a batch.
 *
 * @param ready Whether the actor has said that it is.
 * @param mailbox What it was given and has not finished.
 * @throws {TypeError} If an actor in this state would not send it.
 */
export function assertFromActor(
  item: unknown,
  ready: boolean,
  mailbox: Launch["mailbox"],
): asserts item is FromActor {
  if (!Array.isArray(item) || !isFromActor(item, ready, mailbox)) {
    throw new TypeError(refusal(item));
  }
}

/** What is said of something that an actor of this runtime would not send. */
export function refusal(received: unknown): string {
  const shown = inspect(received, {
    depth: 2,
    maxArrayLength: 6,
    maxStringLength: 60,
    breakLength: Infinity,
  });
  const text = shown.length > 160 ? `${shown.slice(0, 160)}...` : shown;
  return `expected only what the actor itself says, received ${text.replaceAll("\n", " ")}`;
}

function isFromActor(
  item: readonly unknown[],
  ready: boolean,
  { taken, oldest }: Launch["mailbox"],
): boolean {
  switch (item[0]) {
    case "ready":
      return !ready && item[1] === PROTOCOL_VERSION;
    case "done":
      return isCount(item[1]) && item[1] <= taken;
    case "reply":
      return oldest !== undefined && item[1] === oldest.id && isMessage(item[2]);
    case "unknown":
      return taken > 0;
    case "send":
      return isCount(item[1]) && typeof item[2] === "string" && isMessage(item[3]) &&
        isTrace(item[4]);
    case "request":
      return isCount(item[1]) && typeof item[2] === "string" && isMessage(item[3]) &&
        isTimeout(item[4]) && isTrace(item[5]);
    case "heartbeat":
      return true;
    case "log":
      return LEVELS.includes(item[1]) && typeof item[2] === "string" && isFields(item[3]);
    case "exited":
      return item[1] === "normal" || item[1] === "shutdown";
    case "failed":
      return item[1] instanceof Error;
    default:
      return false;
  }
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

export function isTimeout(value: unknown): boolean {
  return typeof value === "number" && value > 0;
}

export function isTrace(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

export function isMessage(value: unknown): value is Message {
  assertMessage(value, "take");
  return true;
}

function isFields(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  assertPlainData(value, "take a line of a log");
  return true;
}
