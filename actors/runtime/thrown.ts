/**
 * What was thrown, as an error.
 *
 * @module
 */

/** The error that was thrown, or one that says what was thrown instead. */
export function errorFrom(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  try {
    return new Error(String(thrown));
  } catch {
    return new Error("something that has no text was thrown");
  }
}
