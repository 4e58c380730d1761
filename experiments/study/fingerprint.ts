/**
 * Names for what was computed, from everything that decides the result.
 *
 * @module
 */
import { createHash } from "node:crypto";

/**
 * SHA-256 of a value as JSON with its keys in order; keys without a value do not count.
 *
 * @param digits Hexadecimal digits that are kept, 1 to 64.
 */
export function fingerprint(value: unknown, digits: number): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, digits);
}

/** JSON that is the same for equal values. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part: unknown) =>
      part !== null && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1))
        : part,
  );
}
