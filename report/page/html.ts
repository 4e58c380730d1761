/**
 * HTML from templates. Values are escaped unless they are HTML themselves.
 *
 * @module
 */

/** A piece of HTML that needs no escaping. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template. */
export type HtmlValue = string | number | Html | readonly Html[];

/**
 * A template tag: `` html`<p>${text}</p>` `` escapes `text`.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(
    strings.map((string, index) => string + (index < values.length ? textOf(values[index]!) : ""))
      .join(""),
  );
}

/** Escape text for an element or a quoted attribute, of HTML or SVG. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(({ text }: Html) => text).join("\n");
  return escapeText(String(value));
}
