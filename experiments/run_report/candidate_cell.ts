/**
 * The name of a candidate in a table: a link, where candidates have pages.
 *
 * @module
 */
import type { TableCell } from "../../report/page/blocks.ts";
import { html } from "../../report/page/html.ts";
import type { ReportedRun } from "./reported_run.ts";

/** `3/5`: candidate 5 of generation 3. */
export function candidateCell(
  { candidateAddress }: Pick<ReportedRun, "candidateAddress">,
  { generation, candidate }: { readonly generation: number; readonly candidate: number },
): TableCell {
  const name = `${generation}/${candidate}`;
  return candidateAddress ? html`<a href="${candidateAddress(name)}">${name}</a>` : name;
}
