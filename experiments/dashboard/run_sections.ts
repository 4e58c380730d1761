/**
 * The sections of a page of one run or several: those of a report, and where they are now.
 *
 * @module
 */
import { note } from "../../report/page/blocks.ts";
import type { Section } from "../../report/page/page.ts";
import type { ReportedRun } from "../run_report/reported_run.ts";
import { requireOneKind, SECTIONS } from "../run_report/run_report.ts";
import type { LiveRun } from "./live_run.ts";
import { statusSection } from "./status_section.ts";

/** A section that takes long is drawn less often: at most a tenth of the time is spent on it. */
const REST_PER_WORK = 9;

interface Drawn {
  readonly section: Section | undefined;
  /** Of the runs that it shows. */
  readonly versions: string;
  readonly tookMs: number;
  readonly at: number;
}

/** Draws what has changed. */
export class RunSections {
  readonly #runs: readonly LiveRun[];
  readonly #drawn = new Map<(typeof SECTIONS)[number], Drawn>();

  /** @param runs At least one. */
  constructor(runs: readonly LiveRun[]) {
    this.#runs = runs;
  }

  /** What is to be shown now. */
  async now(): Promise<readonly Section[]> {
    const states = await Promise.all(
      this.#runs.map(async (live) => ({ live, state: await live.read() })),
    );
    const status = statusSection(states);
    const runs = states.flatMap(({ state }) => state.run ?? []);
    if (runs.length < states.length) return [status];
    const versions = states.map(({ state }) => state.version).join(" ");
    try {
      requireOneKind(runs);
    } catch (error) {
      return [status, { title: "Comparison", content: [note((error as Error).message)] }];
    }
    return [
      status,
      ...SECTIONS.map((sectionOf) => this.#draw(sectionOf, runs, versions))
        .filter((section) => section !== undefined),
    ];
  }

  #draw(
    sectionOf: (typeof SECTIONS)[number],
    runs: readonly ReportedRun[],
    versions: string,
  ): Section | undefined {
    const before = this.#drawn.get(sectionOf);
    const startedAt = performance.now();
    const isRecent = before && startedAt - before.at < REST_PER_WORK * before.tookMs;
    if (before && (before.versions === versions || isRecent)) return before.section;
    const section = sectionOf(runs);
    const at = performance.now();
    this.#drawn.set(sectionOf, { section, versions, tookMs: at - startedAt, at });
    return section;
  }
}
