/**
 * Texts that others wrote, such as reasons of failures, shown in a terminal.
 *
 * @module
 */

/** A text without what would move the cursor or colour the screen; it keeps its lines. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, "?");
}
