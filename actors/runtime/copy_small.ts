/**
 * The fast way to copy a message: nearly all are a few small objects within each other.
 *
 * @module
 */

/** The most objects and arrays that are looked at; so it does not matter how deep they are. */
const MOST_PARTS = 8;

/** What has been met on the present walk, to notice what is there twice. */
const parts: (object | undefined)[] = new Array<undefined>(MOST_PARTS).fill(undefined);
let partCount = 0;

/**
 * A copy of a plain object that holds primitives, lists of numbers and texts, and few objects like
 * itself, none of them twice.
 *
 * @returns `undefined` if it holds more, or what cannot be copied: that is not looked into here.
 */
export function copySmall<T extends object>(value: T): T | undefined {
  const copy = Object.getPrototypeOf(value) === Object.prototype
    ? copyRecord(value as Readonly<Record<string, unknown>>)
    : undefined;
  while (partCount > 0) parts[--partCount] = undefined;
  return copy as T | undefined;
}

function copyRecord(record: Readonly<Record<string, unknown>>): object | undefined {
  if (!isNewPart(record)) return undefined;
  const copy = { ...record };
  for (const key in copy) {
    const part: unknown = copy[key];
    if (typeof part === "number" || typeof part === "string") continue;
    if (typeof part === "function" || typeof part === "symbol") return undefined;
    if (typeof part !== "object" || part === null) continue;
    const partCopy = copyPart(part);
    if (partCopy === undefined || key === "__proto__") return undefined;
    copy[key] = partCopy;
  }
  return copy;
}

function copyPart(part: object): object | undefined {
  const prototype: unknown = Object.getPrototypeOf(part);
  if (prototype === Object.prototype) return copyRecord(part as Readonly<Record<string, unknown>>);
  return isFlatList(part) && isNewPart(part) ? part.slice() : undefined;
}

function isNewPart(part: object): boolean {
  if (partCount === MOST_PARTS) return false;
  for (let i = 0; i < partCount; i++) if (parts[i] === part) return false;
  parts[partCount++] = part;
  return true;
}

/** Whether it is an array of numbers and texts, and has no holes. */
export function isFlatList(value: object): value is (number | string)[] {
  if (Object.getPrototypeOf(value) !== Array.prototype) return false;
  const list = value as readonly unknown[];
  for (let i = 0; i < list.length; i++) {
    const part = list[i];
    if (typeof part !== "number" && typeof part !== "string") return false;
  }
  return true;
}
