/**
 * A page that needs no other file, no network and no script, for light and dark screens of any
 * width; and its sections, for other pages.
 *
 * @module
 */
import { figureBlock, type FigureLink } from "./blocks.ts";
import type { Figure } from "../figures/figure.ts";
import { Html, html } from "./html.ts";
import { colors } from "../figures/theme.ts";

/** A part of a section: one of those in `blocks.ts`, or a figure. */
export type Block = Html | Figure;

/** A part of a page under a heading of its own. */
export interface Section {
  readonly title: string;
  /** What is in it, in order. What is in a list stands side by side where there is room. */
  readonly content: readonly (Block | readonly Block[])[];
}

/** What {@linkcode reportPage} shows. */
export interface ReportPageOptions {
  readonly title: string;
  /** Stands below the title: what this is, in a sentence or two. */
  readonly introduction?: readonly Html[];
  readonly sections: readonly Section[];
}

/** How pages look. */
export const PAGE_STYLE = colors(":root") + `
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.5rem;
border-bottom:1px solid var(--line);padding-bottom:.25rem}
a{color:var(--link)}p,figcaption,li{max-width:70ch}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;padding:0}
nav a{display:inline-block;padding:.2rem 0}
.note{border-left:4px solid var(--series-2);padding-left:.75rem}
.box{overflow-x:auto;margin:1rem 0;min-width:0}
.box:focus-visible{outline:2px solid var(--link)}
table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;padding:.25rem .9rem .25rem 0;border-bottom:1px solid var(--line);
vertical-align:top}
th.number,td.number{text-align:right}thead th{vertical-align:bottom}
td.number,tbody th{white-space:nowrap}tbody th{font-weight:400}
tbody th.long{white-space:normal;min-width:10rem}
.side-by-side{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));
gap:1.5rem;align-items:start;margin:1rem 0}
.side-by-side>.box{margin:0}
figure{margin:1rem 0;min-width:0;max-width:34rem}.side-by-side>figure{margin:0}figure.wide{grid-column:1/-1;max-width:none}
figure svg{display:block;width:100%;height:auto}
figure .box{margin:0}
figcaption{font-size:.9rem;color:var(--soft);margin-top:.25rem}
figcaption strong{color:var(--ink)}
@media print{.side-by-side{display:block}figure{break-inside:avoid}}
`;

/**
 * A whole HTML document.
 *
 * @param figures Folder beside the page, where it expects `ID.svg` and `ID.csv` of its figures.
 */
export function reportPage(
  { title, introduction = [], sections }: ReportPageOptions,
  figures: string,
): string {
  return pageDocument({
    title,
    head: html`<style>${new Html(PAGE_STYLE)}</style>`,
    header: html`<h1>${title}</h1>
    ${introduction}
    ${contentsHtml(sections)}`,
    main: html`<main>
    ${sections.map((section) => sectionHtml(section, (figure) => linksToFiles(figures, figure)))}
        </main>`,
  });
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Its styles and scripts. */
  readonly head: Html;
  readonly header: Html;
  readonly main: Html;
}

/** A whole HTML document that needs nothing from elsewhere but what its head names. */
export function pageDocument({ title, head, header, main }: PageParts): string {
  return html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>${title}</title>
        ${head}
      </head>
      <body>
        <header>
    ${header}
        </header>
        ${main}
      </body>
    </html>
  `.text;
}

/** Links to the sections of a page. */
export function contentsHtml(sections: readonly Pick<Section, "title">[]): Html {
  return html`
    <nav aria-label="Contents">
      <ul>
    ${sections.map(({ title }) => html`<li><a href="#${slug(title)}">${title}</a></li>`)}
      </ul>
    </nav>
  `;
}

/**
 * A section under its heading, whose id is the title as a {@linkcode slug}.
 *
 * @param linksOf What a figure links to.
 */
export function sectionHtml(
  { title, content }: Section,
  linksOf: (figure: Figure) => readonly FigureLink[],
): Html {
  const blockHtml = (block: Block) =>
    block instanceof Html ? block : figureBlock(block, linksOf(block));
  const sideBySide = (blocks: readonly Block[]) =>
    html`<div class="side-by-side">
${blocks.map(blockHtml)}
</div>`;
  return html`<section aria-labelledby="${slug(title)}">
<h2 id="${slug(title)}">${title}</h2>
${content.map((one) => one instanceof Array ? sideBySide(one) : blockHtml(one))}
</section>`;
}

/** All figures of sections. */
export function figuresOf(sections: readonly Section[]): Figure[] {
  return sections.flatMap(({ content }) => content.flat())
    .filter((block): block is Figure => !(block instanceof Html));
}

/** `Pixel positions` is `pixel-positions`. */
export function slug(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function linksToFiles(folder: string, { id, title }: Figure): FigureLink[] {
  const path = `${encodeURIComponent(folder)}/${id}`;
  return [
    { text: "CSV", label: `Data of ${title} as CSV`, href: `${path}.csv` },
    { text: "SVG", label: `${title} as SVG`, href: `${path}.svg` },
  ];
}
