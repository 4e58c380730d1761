/**
 * The HTML of the dashboard's pages.
 *
 * @module
 */
import { CHART_STYLE } from "../../report/figures/theme.ts";
import { Html, html } from "../../report/page/html.ts";
import {
  contentsHtml,
  PAGE_STYLE,
  pageDocument,
  type Section,
  sectionHtml,
} from "../../report/page/page.ts";
import type { Feed } from "./feed.ts";
import { address, titleOf } from "./links.ts";

/** What only these pages have. */
export const STYLE = PAGE_STYLE + `
.state{text-transform:uppercase;font-size:.8rem;letter-spacing:.04em}
.state.running{color:var(--series-1)}.state.done{color:var(--series-3)}
.state.stopped{color:var(--series-5)}.state.failed,.state.unreadable{color:var(--series-2)}
progress{width:8rem;max-width:100%;vertical-align:middle}
#connection{font-size:.9rem;color:var(--soft)}
button,input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--faint);
border-radius:.25rem;padding:.2rem .5rem}
button{cursor:pointer}input[type=range]{padding:0;vertical-align:middle}
a:focus-visible,button:focus-visible,input:focus-visible{outline:2px solid var(--link);
outline-offset:2px}
code,pre{font:.9rem/1.5 ui-monospace,monospace}pre{overflow-x:auto;padding:.5rem .75rem;
border:1px solid var(--line)}
form{margin:1rem 0}
`;

/** A page that follows a feed. */
export function livePage(feed: Feed, events: string): string {
  const news = feed.newsSince(undefined)!;
  const isList = feed.runs.length === 0;
  return document(
    feed.title,
    isList ? html`` : listLink,
    html`${
      isList ? "" : contentsHtml(feed.sections)
    }<p id="connection" role="status">Connecting …</p>`,
    html`<main data-events="${events}" data-revision="${news.revision}">
${news.order.map((id) => new Html(news.sections[id]!))}
</main>`,
  );
}

/** A page that does not change, of what belongs to runs. */
export function stillPage(
  title: string,
  runs: readonly string[],
  sections: readonly Section[],
): string {
  return document(
    title,
    html`${listLink} › <a href="${"/" + address("run", runs)}">${titleOf(runs)}</a>`,
    html``,
    html`<main>${sections.map((section) => sectionHtml(section, () => []))}</main>`,
  );
}

const listLink = html`<a href="/">All runs</a>`;

function document(title: string, above: Html, below: Html, main: Html): string {
  return pageDocument({
    title,
    head: html`
      <link rel="stylesheet" href="/style.css">
      <script type="module" src="/client.js"></script>
    `,
    header: html`${above.text === "" ? "" : html`<p>${above}</p>`}
    <h1>${title}</h1>
    ${below}`,
    main,
  });
}

/** The one style that stands inside pages, in their figures, as a policy names it. */
export async function figureStyleHash(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(CHART_STYLE));
  return `'sha256-${new Uint8Array(digest).toBase64()}'`;
}
