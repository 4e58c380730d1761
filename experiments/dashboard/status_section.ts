/**
 * Where a run is at this moment.
 *
 * @module
 */
import type { EvaluatedCandidate } from "../../actors/record/facts.ts";
import { significant } from "../../report/numbers.ts";
import { note, paragraph, table, type TableCell } from "../../report/page/blocks.ts";
import { type Html, html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import { candidateCell } from "../run_report/candidate_cell.ts";
import { measureOf } from "../run_report/measure.ts";
import type { LiveRun, LiveState } from "./live_run.ts";
import { leftText } from "./run_progress.ts";
import { runLink } from "./links.ts";

/** Candidates that are listed: the best, and the latest. */
const LISTED = 8;

/** State, progress and the best and latest candidates of each run. */
export function statusSection(
  runs: readonly { readonly live: LiveRun; readonly state: LiveState }[],
): Section {
  const isOne = runs.length === 1;
  const content = runs.map(({ live, state }): Html =>
    html`${isOne ? "" : html`<h3>${runLink(live.name)}</h3>`}${statusOf(live, state)}`
  );
  const [only] = runs;
  const run = isOne && only!.state.share === 1 ? only!.state.run : undefined;
  return {
    title: "Now",
    content: [
      ...content,
      ...(run && run.candidates.length > 0 ? [candidateTables(run, only!)] : []),
    ],
  };
}

function statusOf({ name }: LiveRun, { run, progress, problem, share }: LiveState): Html {
  if (!run || !progress) return note(problem ?? "It is being read.");
  if (share < 1) return paragraph(`The journal is being read: ${Math.floor(100 * share)} %.`);
  const { state, done, total, open } = progress;
  const generations = `${run.generations.length} of ${run.configuration.generations} generations`;
  const last = run.generations.at(-1);
  const { word, of } = measureOf(run);
  const best = last?.bestSoFar === null || last === undefined
    ? ""
    : ` The best ${word} so far is ${significant(of(last.bestSoFar), 4)}.`;
  const left = leftText(progress);
  return html`
    <p
      role="status"><strong class="state ${state}">${state}</strong> ${generations} are done.${best}</p>
    <p><progress aria-label="Evaluations of ${name}" max="${Math.max(
      total,
      1,
    )}" value="${done}"></progress>
    ${`${done} of ${total} evaluations`}${left === "" ? "" : `, ${left}`}${state === "running"
      ? `, ${open} more drawn and without a result`
      : ""}</p>
  `;
}

function candidateTables(
  run: NonNullable<LiveState["run"]>,
  { live: { name } }: { readonly live: LiveRun },
): Html[] {
  const { word, of } = measureOf(run);
  const rowOf = (one: EvaluatedCandidate): TableCell[] => [
    candidateCell(run, one),
    one.fitness === null ? one.status : Number(significant(of(one.fitness), 4)),
    one.age,
    Object.values(one.timings)[0]?.slot ?? null,
  ];
  const columns = ["candidate", word, "age", "slot"];
  const best = bestOf(run.candidates).map(rowOf);
  const latest = run.candidates.slice(-LISTED).toReversed().map(rowOf);
  return [
    table({ caption: "The best candidates", columns, rows: best }),
    table({ caption: "The latest candidates", columns, rows: latest }),
    html`<form action="candidate" method="get"><input type="hidden" name="run" value="${name}">
<label>Open candidate <input name="candidate" required pattern="[0-9]+/[0-9]+" size="10" placeholder="3/5"></label>
<button>Open</button></form>`,
  ];
}

/** The best first. */
function bestOf(candidates: readonly EvaluatedCandidate[]): EvaluatedCandidate[] {
  const best: EvaluatedCandidate[] = [];
  for (const one of candidates) {
    if (one.fitness === null) continue;
    if (best.length === LISTED && one.fitness <= best[LISTED - 1]!.fitness!) continue;
    best.push(one);
    best.sort((a, b) => b.fitness! - a.fitness!);
    best.length = Math.min(best.length, LISTED);
  }
  return best;
}
