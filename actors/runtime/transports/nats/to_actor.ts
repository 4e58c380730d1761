/**
 * Checks what a host is to pass on to an actor: other clients of the server can write there, too.
 *
 * @module
 */

import { assertPlainData } from "../../plain_data.ts";
import { isCount, isMessage, isTimeout, isTrace, refusal } from "../from_actor.ts";
import type { ToActor } from "../wire.ts";

/**
 * Checks a batch.
 *
 * @param started Whether the order to start has come.
 * @throws {TypeError} If a system would not send it.
 */
export function assertToActor(
  batch: unknown,
  started: boolean,
): asserts batch is readonly ToActor[] {
  if (!Array.isArray(batch)) throw new TypeError(refusal(batch));
  for (const [index, item] of (batch as unknown[]).entries()) {
    const isFirst = !started && index === 0;
    if (!Array.isArray(item) || isFirst !== (item[0] === "start") || !isToActor(item)) {
      throw new TypeError(refusal(item));
    }
  }
}

function isToActor(item: readonly unknown[]): boolean {
  switch (item[0]) {
    case "start":
      assertPlainData(item[3], "take the init of an actor");
      return isText(item[1]) && isText(item[2]) && (item[4] === 0 || isTimeout(item[4]));
    case "deliver":
      return isCount(item[1]) && isText(item[2]) && isMessage(item[3]) &&
        typeof item[4] === "boolean" && isTrace(item[5]);
    case "accepted":
      return isCount(item[1]);
    case "replied":
      return isCount(item[1]) && isMessage(item[2]);
    case "refused":
      return isCount(item[1]) && isText(item[2]) && isText(item[3]);
    case "barred":
      return isCount(item[1]) && isText(item[2]);
    case "stop":
      return isText(item[1]);
    default:
      return false;
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
