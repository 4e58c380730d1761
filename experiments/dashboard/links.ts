/**
 * Where the pages of the dashboard are.
 *
 * @module
 */
import { type Html, html } from "../../report/page/html.ts";

/** `page?run=a&run=b&KEY=VALUE`. */
export function address(
  page: string,
  runs: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams([
    ...runs.map((run) => ["run", run]),
    ...Object.entries(more),
  ]);
  return `${page}?${query}`;
}

/** A link to the page of a run. */
export function runLink(run: string): Html {
  return html`<a href="${address("run", [run])}">${run}</a>`;
}

/** A link to the page of a candidate. */
export function candidateLink(
  run: string,
  { generation, candidate }: { readonly generation: number; readonly candidate: number },
): Html {
  const name = `${generation}/${candidate}`;
  return html`<a href="${address("candidate", [run], { candidate: name })}">${name}</a>`;
}
