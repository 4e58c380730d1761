/**
 * Where the pixels are, generation by generation: pictures that can be played.
 *
 * @module
 */
import type { Figure } from "../../report/figures/figure.ts";
import { html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import { positionFrames } from "../run_report/positions_section.ts";
import type { ReportedRun } from "../run_report/reported_run.ts";
import { address } from "./links.ts";

/** More would differ too little. */
const MOST_FRAMES = 24;

/** What is played, and the section that shows its last picture. */
export interface PlayedMap {
  readonly frames: readonly Figure[];
  readonly section: Section;
}

/** `undefined` for runs that have no pixels, or no result yet. */
export function playedMap(run: ReportedRun): PlayedMap | undefined {
  const frames = positionFrames(run, MOST_FRAMES);
  const last = frames.length - 1;
  if (last < 0) return undefined;
  const player = html`<p data-player="${address("map", [run.name])}">
<button type="button" data-kept>Play</button>
<label>From early to late <input type="range" min="0" max="${last}" value="${last}"></label></p>`;
  return { frames, section: { title: "Pixels, played", content: [player, frames[last]!] } };
}
