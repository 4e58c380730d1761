/**
 * What was thrown, as an error.
 *
 * @module
 */

/** The error that was thrown, or one that says what was thrown instead. */
export function errorFrom(thrown: unknown): Error {
  try {
    if (thrown instanceof Error && isReadable(thrown)) return thrown;
    return new Error(String(thrown));
  } catch {
    return new Error("something that has no text was thrown");
  }
}

/** Whether whoever reports the error can read it; a getter of its may throw here already. */
function isReadable({ name, message, stack }: Error): boolean {
  return [name, message, stack ?? ""].every((text) => typeof text === "string");
}
