/**
 * Watches what a search writes down and shows, against what is safe in its journal.
 *
 * @module
 */
import type { PopulationEvent } from "../../actors/population/recorded_population.ts";
import { type SearchPlan, SearchProgress } from "../../actors/population/search_progress.ts";
import { type GenerationDone, keyOf } from "../../actors/record/facts.ts";
import {
  type JournalContents,
  type JournalEvent,
  readJournal,
} from "../../actors/record/journal.ts";
import { parseLine } from "../../actors/record/journal_line.ts";
import { tableNames } from "../../actors/record/tables.ts";
import { ExpectedTables } from "./expected_tables.ts";
import type { Report } from "./invariants.ts";
import type { SimulatedDisk } from "./simulated_disk.ts";

/** Where the search that is watched has its files. */
export interface WatchedFiles {
  readonly disk: SimulatedDisk;
  /** The path of a file of its run. */
  readonly file: (name: string) => string;
}

/** Follows the journal line by line, and says what should be in the CSV files. */
export class JournalWatch {
  readonly #plan: SearchPlan;
  readonly #disk: SimulatedDisk;
  readonly #file: (name: string) => string;
  readonly #report: Report;
  /** The journal as far as it was safe when the last process ended. */
  #safe = new Uint8Array();
  /** What the lines that are safe come to. */
  #progress: SearchProgress;
  #tables: ExpectedTables;
  #bytes = 0;
  #lines = 0;
  #results = 0;
  readonly #evaluated = new Set<string>();
  readonly #shown = new Set<string>();
  #generations: GenerationDone[] = [];
  #hasEnded = false;
  #contents: JournalContents = { events: [], wholeBytes: 0, tornBytes: 0 };

  constructor(plan: SearchPlan, { disk, file }: WatchedFiles, report: Report) {
    this.#plan = plan;
    this.#disk = disk;
    this.#file = file;
    this.#report = report;
    this.#progress = new SearchProgress(plan);
    this.#tables = new ExpectedTables(this.#progress.population);
  }

  /** Evaluations that are safe in the journal. */
  get evaluated(): ReadonlySet<string> {
    return this.#evaluated;
  }

  /** A process begins, and finds what the last one has left. */
  async begin(): Promise<JournalContents> {
    const bytes = this.#disk.content(this.#journal);
    const isKept = bytes.length >= this.#safe.length &&
      this.#safe.every((byte, index) => bytes[index] === byte);
    if (!isKept) this.#report("kept", "the journal has lost lines that were safe");
    this.#progress = new SearchProgress(this.#plan);
    this.#tables = new ExpectedTables(this.#progress.population);
    this.#bytes = 0;
    this.#lines = 0;
    this.#results = 0;
    this.#evaluated.clear();
    this.#shown.clear();
    this.#generations = [];
    this.#hasEnded = false;
    this.#follow();
    this.#contents = await readJournal(this.#journal, { read: () => bytes, open: unused })
      .catch((error) => {
        this.#report("kept", `the journal cannot be read: ${error.message}`);
        return this.#contents;
      });
    return this.#contents;
  }

  /** The process has ended, and the power is still on. */
  end(): void {
    this.#safe = this.#disk.content(this.#journal).slice(0, this.#bytes);
  }

  /** A file is safe. */
  synced(path: string): void {
    if (path === this.#journal) this.#follow();
  }

  /**
   * A file has new bytes after the first `from`.
   *
   * @param isFailing Whether something could not be written: then rows may be missing, and the last be
   * there in part.
   */
  changed(path: string, from: number, isFailing: boolean): void {
    if (path === this.#journal && from < this.#bytes) {
      this.#report(
        "kept",
        `the journal was cut to ${from} bytes, of ${this.#bytes} that were safe`,
      );
    }
    const table = tableNames.find((name) => path === this.#file(name));
    if (!table) return;
    const bytes = this.#disk.content(path).subarray(from);
    const isBeginning = (expected: Uint8Array) =>
      bytes.every((byte, index) => expected[from + index] === byte);
    if (isBeginning(this.#tables.bytes(table))) return;
    const finished = this.#tables.finished.bytes(table);
    if (isBeginning(finished)) return;
    const text = new TextDecoder().decode(bytes).trimEnd();
    if (isFailing) {
      const expected = new TextDecoder().decode(finished).split("\r\n");
      const isRow = (row: string) => expected.some((line) => line.startsWith(row));
      if (text.split("\r\n").every(isRow)) return;
    }
    this.#report("shown", `${table} has a row that does not follow from the journal: ${text}`);
  }

  /** Nothing is left to do at this moment: what is safe is in the CSV files. */
  settled(): void {
    for (const table of tableNames) {
      const { length } = this.#disk.content(this.#file(table));
      const expected = this.#tables.bytes(table).length;
      if (length === expected || length === this.#tables.finished.bytes(table).length) continue;
      this.#report("tables", `${table} has ${length} bytes of the ${expected} that follow`);
    }
  }

  /** The run tells something. */
  shown(event: PopulationEvent): void {
    switch (event.type) {
      case "started": {
        const known = this.#contents.events.filter(({ type }) => type === "Evaluated").length;
        if (event.done === known) return;
        return this.#report("kept", `${event.done} evaluations are taken up, of ${known}`);
      }
      case "evaluated": {
        const key = keyOf(event);
        if (this.#shown.has(key)) this.#report("once", `${key} was shown twice`);
        this.#shown.add(key);
        if (this.#evaluated.has(key)) return;
        return this.#report("shown", `${key} was shown, and is not safe in the journal`);
      }
      case "generation": {
        const { type: _type, ...shown } = event;
        const safe = this.#generations[event.generation];
        const { type: _done, ...expected } = safe ?? { type: "none" };
        if (JSON.stringify(shown) === JSON.stringify(expected)) return;
        return this.#report(
          "shown",
          `generation ${event.generation} does not follow from the journal`,
        );
      }
      case "ended":
        if (this.#hasEnded) return;
        return this.#report("shown", "the end was shown, and is not safe in the journal");
      case "lost":
        return;
    }
  }

  get #journal(): string {
    return this.#file("journal.jsonl");
  }

  /** Takes the lines that are safe and were not taken before. */
  #follow(): void {
    const safe = this.#disk.safe(this.#journal);
    for (
      let end = safe.indexOf(0x0a, this.#bytes);
      end >= 0;
      end = safe.indexOf(0x0a, this.#bytes)
    ) {
      const line = parseLine(safe.subarray(this.#bytes, end));
      // A batch that a cut of the power left in parts is cut off when the run is resumed.
      if (typeof line !== "object" || line.number !== this.#lines) return;
      this.#bytes = end + 1;
      this.#lines++;
      this.#take(line.event());
    }
  }

  #take(event: JournalEvent): void {
    switch (event.type) {
      case "Begun":
        return;
      case "Sampled":
        if (this.#progress.find(event) || this.#evaluated.has(keyOf(event))) {
          this.#report("once", `${keyOf(event)} was drawn twice`);
        }
        return this.#progress.sampled(event);
      case "Ended":
        this.#hasEnded = true;
        this.#progress.end();
        return;
      case "Evaluated": {
        const key = keyOf(event);
        if (!this.#progress.find(event)) {
          const why = this.#evaluated.has(key) ? "counted twice" : "counted, and was never drawn";
          return this.#report("once", `${key} was ${why}`);
        }
        if (event.age < 0) this.#report("age", `${key} has the age ${event.age}`);
        this.#evaluated.add(key);
        if (event.repeat === 0) this.#results++;
        const { generation } = this.#progress.evaluated(event);
        this.#tables.add(event);
        if (generation) this.#learned(generation);
      }
    }
  }

  #learned(done: GenerationDone): void {
    this.#generations.push(done);
    this.#tables.add(done);
    const { generation, evaluations, wasted } = done;
    const counted = (generation + 1) * this.#progress.population;
    if (evaluations === this.#results && evaluations - wasted === counted) return;
    this.#report(
      "once",
      `after generation ${generation} ${evaluations} results and ${wasted} wasted ones were counted, ` +
        `of ${this.#results} in the journal`,
    );
  }
}

function unused(): never {
  throw new Error("The journal is only read here");
}
