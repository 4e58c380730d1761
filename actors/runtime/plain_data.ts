/**
 * What may be in a message.
 *
 * @module
 */

import type { Message } from "./envelope.ts";

const DEEPEST = 100;

/**
 * Checks that every transport can carry `message`, so that an actor that works in memory also works
 * in a worker: it consists of primitives, arrays, plain objects, maps, sets, dates, regular
 * expressions, errors, buffers and views of buffers.
 *
 * @param doing What is being done, for the error.
 * @throws {TypeError} If it does not, or has no `type`, or is nested more than 100 deep.
 */
export function assertMessage(message: Message, doing: string): void {
  if (typeof message !== "object" || message === null || typeof message.type !== "string") {
    throw new TypeError(
      `Cannot ${doing}: expected an object with a string "type", received ${describe(message)}`,
    );
  }
  assertPlainData(message, `${doing} "${message.type}"`);
}

/**
 * As {@linkcode assertMessage}, for any value.
 *
 * @throws {TypeError} If it is not plain data.
 */
export function assertPlainData(value: unknown, doing: string): void {
  const path: (string | number)[] = [];
  if (isPlain(value, path, 0)) return;
  let culprit = value;
  for (const key of path) culprit = (culprit as Record<string | number, unknown>)?.[key];
  const where = path.length === 0 ? "" : ` at .${path.join(".")}`;
  throw new TypeError(
    path.length >= DEEPEST
      ? `Cannot ${doing}: expected plain data, received a cycle or more than ${DEEPEST} levels`
      : `Cannot ${doing}: expected plain data, received ${describe(culprit)}${where}`,
  );
}

/** On `false`, `path` leads to the culprit (within maps and sets, to the map or set). */
function isPlain(value: unknown, path: (string | number)[], depth: number): boolean {
  if (typeof value !== "object" || value === null) {
    return typeof value !== "function" && typeof value !== "symbol";
  }
  if (depth >= DEEPEST) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const record = value as Readonly<Record<string, unknown>>;
    for (const key in record) {
      if (!isPlainAt(record[key], key, path, depth)) return false;
    }
    return true;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      if (!isPlainAt(value[i], i, path, depth)) return false;
    }
    return true;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return true;
  if (value instanceof SharedArrayBuffer) return true;
  if (value instanceof Map) {
    return isPlain([...value.keys()], [], depth + 1) && isPlain([...value.values()], [], depth + 1);
  }
  if (value instanceof Set) return isPlain([...value], [], depth + 1);
  return value instanceof Date || value instanceof RegExp || value instanceof Error;
}

function isPlainAt(
  value: unknown,
  key: string | number,
  path: (string | number)[],
  depth: number,
): boolean {
  if (typeof value === "number" || typeof value === "string") return true;
  if (isPlain(value, path, depth + 1)) return true;
  path.unshift(key);
  return false;
}

function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const name = value.constructor?.name ?? "null";
  return name === "Object" ? "an object without one" : `an instance of ${name}`;
}
