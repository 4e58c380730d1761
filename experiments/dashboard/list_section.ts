/**
 * The list of all runs.
 *
 * @module
 */
import { FileLock } from "../../actors/record/file_lock.ts";
import { readGenerations } from "../../actors/record/read_generations.ts";
import {
  type ConfigurationFile,
  readConfigurationFile,
} from "../../actors/record/run_directory.ts";
import { readSummary } from "../../actors/record/summary.ts";
import { ConfigurationError } from "../../options.ts";
import { significant } from "../../report/numbers.ts";
import { note, paragraph } from "../../report/page/blocks.ts";
import { type Html, html } from "../../report/page/html.ts";
import type { Section } from "../../report/page/page.ts";
import { measureOf } from "../run_report/measure.ts";
import { runLink } from "./links.ts";
import type { LiveRun } from "./live_run.ts";
import { leftText, type RunProgress } from "./run_progress.ts";

/** Longer lists are cut. */
const MOST_ROWS = 500;

/** What the list says of a run. */
interface Overview {
  readonly name: string;
  readonly state: RunProgress["state"] | "unreadable";
  readonly what: string;
  readonly generations: string;
  /** 0 to 1. */
  readonly share: number;
  readonly left: string;
  readonly best: string;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/**
 * Looks at all runs. A run that a process works on is read with its journal; of others it is enough
 * what stands beside it, and that is kept as long as it is the same.
 */
export class RunList {
  readonly #folder: string;
  readonly #liveOf: (name: string) => LiveRun;
  #running: ReadonlySet<string> = new Set();
  readonly #kept = new Map<string, { readonly stamp: string; readonly overview: Overview }>();

  /** @param liveOf The run of that name, read while it runs. */
  constructor(folder: string, liveOf: (name: string) => LiveRun) {
    this.#folder = folder;
    this.#liveOf = liveOf;
  }

  /** Names of those that were running when it looked. */
  get running(): ReadonlySet<string> {
    return this.#running;
  }

  /** The list as a section: what runs first, then what was changed last. */
  async section(names: readonly string[]): Promise<Section> {
    const title = "Runs";
    if (names.length === 0) {
      return { title, content: [paragraph(`There is no run in ${this.#folder} yet.`)] };
    }
    const all = await Promise.all(names.map((name) => this.#look(name)));
    const shown = all.toSorted((a, b) =>
      Number(b.state === "running") - Number(a.state === "running") || b.changedAt - a.changedAt ||
      (a.name < b.name ? -1 : 1)
    ).slice(0, MOST_ROWS);
    const left = all.length - shown.length;
    const running = all.filter(({ state }) => state === "running");
    this.#running = new Set(running.map(({ name }) => name));
    return {
      title,
      content: [
        html`<p role="status">${`${all.length} ${
          all.length === 1 ? "run" : "runs"
        }, ${running.length} of them running.`}</p>`,
        listHtml(shown),
        ...(left > 0 ? [note(`And ${left} more, which were not changed since.`)] : []),
      ],
    };
  }

  async #look(name: string): Promise<Overview> {
    const directory = `${this.#folder}/${name}`;
    try {
      if (!FileLock.isHeld(`${directory}/lock`)) return this.#ofFiles(name, directory);
      const { run, progress, share } = await this.#liveOf(name).read();
      if (!run || !progress || share < 1) {
        return { ...this.#ofFiles(name, directory), state: "running" };
      }
      return {
        name,
        state: progress.state,
        what: whatOf(run.kind, run.source),
        generations: `${run.generations.length} of ${run.configuration.generations}`,
        share: progress.total === 0 ? 0 : progress.done / progress.total,
        left: leftText(progress),
        best: bestText(run.kind, run.generations.at(-1)?.bestSoFar ?? null),
        changedAt: changeOf(directory, ["journal.jsonl"]).at,
      };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const what = error.message;
      return { name, state: "unreadable", what, ...nothing, changedAt: 0 };
    }
  }

  #ofFiles(name: string, directory: string): Overview {
    const { stamp, at } = changeOf(directory, ["config.json", "generations.csv", "summary.json"]);
    const kept = this.#kept.get(name);
    if (kept?.stamp === stamp) return kept.overview;
    const { kind, source, configuration } = readConfigurationFile(directory);
    const summary = readSummary(directory);
    const generations = readGenerations(directory);
    const { generations: planned } = configuration;
    if (typeof planned !== "number") {
      throw new ConfigurationError(`Option generations in ${directory}/config.json is missing`);
    }
    const isDone = summary?.status === "finished";
    const overview: Overview = {
      name,
      state: isDone ? "done" : summary?.status ?? "stopped",
      what: whatOf(kind, source),
      generations: `${generations.length} of ${planned}`,
      share: isDone ? 1 : Math.min(1, generations.length / planned),
      left: "",
      best: bestText(kind, generations.at(-1)?.bestSoFar ?? null),
      changedAt: at,
    };
    this.#kept.set(name, { stamp, overview });
    return overview;
  }
}

const nothing = { generations: "", share: 0, left: "", best: "" };

function whatOf(kind: ConfigurationFile["kind"], source: string): string {
  return kind === "simulation" ? source : `${kind}: ${source}`;
}

function bestText(kind: ConfigurationFile["kind"], best: number | null): string {
  return best === null ? "" : significant(measureOf({ kind }).of(best), 4);
}

/** When files were changed last, and a text that is another one after each change. */
function changeOf(directory: string, files: readonly string[]) {
  const times = files.map((file) => {
    try {
      const { mtime, size } = Deno.statSync(`${directory}/${file}`);
      return { at: mtime?.getTime() ?? 0, size };
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { at: 0, size: -1 };
      throw error;
    }
  });
  return { stamp: JSON.stringify(times), at: Math.max(...times.map(({ at }) => at)) };
}

function listHtml(runs: readonly Overview[]): Html {
  const rows = runs.map((run) =>
    html`
      <tr id="row-${run.name}">
        <td><input type="checkbox" name="run" value="${run.name}" aria-label="Compare ${run
          .name}"></td>
        <th scope="row">${run.state === "unreadable" ? run.name : runLink(run.name)}</th>
        <td><strong class="state ${run.state}">${run.state}</strong></td>
        <td>${run.generations}</td>
        <td><progress aria-label="Progress of ${run.name}" max="1" value="${run.share.toFixed(
          3,
        )}"></progress> ${run.left}</td>
        <td class="number">${run.best}</td>
        <td>${run.what}</td>
      </tr>
    `
  );
  return html`<form action="run" method="get">
<div class="box" role="region" aria-label="All runs" tabindex="0"><table>
<caption>All runs: those that are running first, then those that were changed last</caption>
<thead><tr><td></td>${
    ["run", "state", "generations", "progress", "best", "what"].map((name) =>
      html`<th scope="col">${name}</th>`
    )
  }</tr></thead>
<tbody>${rows}</tbody></table></div>
<button>Compare the chosen runs</button></form>`;
}
