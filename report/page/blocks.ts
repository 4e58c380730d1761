/**
 * What a page is made of: paragraphs, tables and figures.
 *
 * @module
 */
import type { Figure } from "../figures/figure.ts";
import { Html, html } from "./html.ts";

/** A cell: numbers stand to the right, `null` is empty. */
export type TableCell = string | number | null | Html;

/** Where a figure is to be had in another form. */
export interface FigureLink {
  readonly text: string;
  /** The same for those who hear it without the figure; it begins with or holds the text. */
  readonly label: string;
  readonly href: string;
}

/** What {@linkcode table} shows. */
export interface TableOptions {
  /** Says what is in it. */
  readonly caption: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly TableCell[])[];
}

/** A figure whose drawing is wider than this gets the whole width of the page. */
const WIDE = 480;

/** Text. */
export function paragraph(text: string): Html {
  return html`<p>${text}</p>`;
}

/** Short texts below each other. */
export function list(items: readonly string[]): Html {
  return html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Text that nobody should miss. */
export function note(text: string): Html {
  return html`<p class="note">${text}</p>`;
}

/** Characters of a row's name, above which it is broken into lines where there is little room. */
const LONG_NAME = 30;

/** A table that scrolls in its own box on a narrow screen. */
export function table({ caption, columns, rows }: TableOptions): Html {
  const isNumber = columns.map((_, column) =>
    rows.length > 0 &&
    rows.every((row) => row[column] === null || typeof row[column] === "number")
  );
  const kind = (column: number) => new Html(isNumber[column] ? ` class="number"` : "");
  const head = rows.some(([name]) => typeof name === "string" && name.length > LONG_NAME)
    ? new Html(` class="long"`)
    : kind(0);
  const body = rows.map(([name, ...cells]) =>
    html`<tr><th scope="row"${head}>${name ?? ""}</th>${
      cells.map((cell, index) => html`<td${kind(index + 1)}>${cell ?? ""}</td>`)
    }</tr>`
  );
  return html`
    <div class="box" role="region" aria-label="${caption}" tabindex="0">
      <table>
        <caption>${caption}</caption>
        <thead>
          <tr>${columns.map((column, index) =>
            html`
              <th scope="col" ${kind(index)}>${column}</th>
            `
          )}</tr>
        </thead>
        <tbody>
    ${body}
        </tbody>
      </table>
    </div>
  `;
}

/** A figure with its text and links. */
export function figureBlock(
  { title, description, svg }: Figure,
  links: readonly FigureLink[],
): Html {
  const width = Number(/ width="([\d.]+)"/.exec(svg)?.[1]);
  const isWide = width > WIDE;
  // Below this width the text of a wide drawing would be too small: it scrolls in its own box.
  const drawing = isWide
    ? html`
      <div class="box" role="region" aria-label="${title}" tabindex="0">
        <div style="min-width:${Math.round(0.8 * width)}px;max-width:${Math.round(
          1.25 * width,
        )}px">${new Html(svg)}</div>
      </div>
    `
    : new Html(svg);
  const last = links.length - 1;
  return html`<figure${new Html(isWide ? ` class="wide"` : "")}>
${drawing}
<figcaption><strong>${title}.</strong> ${description} ${
    links.map(({ text, label, href }, index) =>
      html`
        <a href="${href}"
          aria-label="${label}">${text}</a>${index < last ? "," : ""}
      `
    )
  }</figcaption>
</figure>`;
}
