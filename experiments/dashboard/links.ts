/**
 * Where the pages of the dashboard are.
 *
 * @module
 */
import { basename } from "node:path";
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

/** Where the page of a candidate is, by its name such as `3/5`. */
export function candidateAddress(run: string, candidate: string): string {
  return address("candidate", [run], { candidate });
}

/** What a page of one run or several is called. */
export function titleOf(names: readonly string[]): string {
  return names.length === 1 ? `Run ${basename(names[0]!)}` : `Comparison of ${names.length} runs`;
}
