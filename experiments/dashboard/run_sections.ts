/**
 * The sections of a page of one run or several: those of a report, and where they are now.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { note } from "../../report/page/blocks.ts";
import type { Section } from "../../report/page/page.ts";
import { configurationSection } from "../run_report/configuration_section.ts";
import { positionsSection } from "../run_report/positions_section.ts";
import { progressSection } from "../run_report/progress_section.ts";
import type { ReportedRun } from "../run_report/reported_run.ts";
import { requireOneKind, SECTIONS } from "../run_report/run_report.ts";
import type { SectionsNow } from "./feed.ts";
import type { LiveRun } from "./live_run.ts";
import { playedMap } from "./map_section.ts";
import { statusSection } from "./status_section.ts";

/** A section that takes long is drawn less often: at most a 25th of the time is spent on it. */
const REST_PER_WORK = 25;

/** Of one look: what is drawn later is shown later, and what is drawn is not held up. */
const DRAWING_MS = 200;

type SectionOf = (runs: readonly ReportedRun[]) => Section | undefined;

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
  readonly #drawn = new Map<SectionOf, Drawn>();
  readonly #order: readonly SectionOf[];
  #frames: readonly Figure[] = [];

  /** @param runs At least one. */
  constructor(runs: readonly LiveRun[]) {
    this.#runs = runs;
    // What changes comes first, and the map is played where the other maps are.
    this.#order = SECTIONS.filter((one) => one !== configurationSection)
      .flatMap((one) => one === positionsSection ? [this.#map, one] : [one])
      .concat(configurationSection);
  }

  /** The pictures of the map that is played, early to late. */
  get frames(): readonly Figure[] {
    return this.#frames;
  }

  /** What is to be shown now. */
  async now(): Promise<SectionsNow> {
    const states = await Promise.all(
      this.#runs.map(async (live) => ({ live, state: await live.read() })),
    );
    const status = statusSection(states);
    const runs = states.flatMap(({ state }) => state.run ?? []);
    if (runs.length < states.length) return { sections: [status], hasMore: false };
    try {
      requireOneKind(runs);
    } catch (error) {
      const refusal = { title: "Comparison", content: [note((error as Error).message)] };
      return { sections: [status, refusal], hasMore: false };
    }
    const versions = states.map(({ state }) => state.version).join(" ");
    // What the results say would be wrong as long as they are not all there.
    const isRead = states.every(({ state }) => state.share === 1);
    if (!isRead) {
      if (this.#isDue(progressSection, versions)) this.#draw(progressSection, runs, versions);
      return { sections: [status, this.#drawn.get(progressSection)!.section!], hasMore: true };
    }
    const sections: Section[] = [status];
    const end = performance.now() + DRAWING_MS;
    let hasMore = false;
    for (const sectionOf of this.#order) {
      const isDue = this.#isDue(sectionOf, versions);
      const isLate = performance.now() > end;
      if (isDue && !isLate) this.#draw(sectionOf, runs, versions);
      hasMore ||= isDue && isLate;
      const section = this.#drawn.get(sectionOf)?.section;
      if (section) sections.push(section);
      await new Promise((resolve) => setTimeout(resolve)); // Others are to be answered, too.
    }
    return { sections, hasMore };
  }

  #isDue(sectionOf: SectionOf, versions: string): boolean {
    const before = this.#drawn.get(sectionOf);
    if (!before) return true;
    const isRecent = performance.now() - before.at < REST_PER_WORK * before.tookMs;
    return before.versions !== versions && !isRecent;
  }

  #draw(sectionOf: SectionOf, runs: readonly ReportedRun[], versions: string): void {
    const startedAt = performance.now();
    const section = drawn(sectionOf, runs);
    const at = performance.now();
    this.#drawn.set(sectionOf, { section, versions, tookMs: at - startedAt, at });
  }

  readonly #map: SectionOf = (runs) => {
    if (runs.length > 1) return undefined;
    const map = playedMap(runs[0]!);
    this.#frames = map?.frames ?? [];
    return map?.section;
  };
}

/** A file that is damaged, or was changed just now, takes away one section and not the page. */
function drawn(sectionOf: SectionOf, runs: readonly ReportedRun[]): Section | undefined {
  try {
    return sectionOf(runs);
  } catch (error) {
    const isExpected = error instanceof ConfigurationError || error instanceof SyntaxError ||
      error instanceof RangeError || (error instanceof Error && "code" in error);
    if (!isExpected) throw error;
    const title = sectionOf.name.replace(/Section$/, "");
    return { title: `Not shown: ${title}`, content: [note(error.message)] };
  }
}
