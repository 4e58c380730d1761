/**
 * A run that is read while another process works on it: finished or not, and also before it begins.
 *
 * @module
 */
import type { Begun } from "../../actors/record/journal.ts";
import { JournalResults } from "../../actors/record/journal_results.ts";
import { type JournalNews, JournalTail } from "../../actors/record/journal_tail.ts";
import { FileLock } from "../../actors/record/file_lock.ts";
import { reasonOf } from "../../actors/record/run_directory.ts";
import { ConfigurationError } from "../../options.ts";
import { imagesOf, type ReportedRun, reportedRunOf } from "../run_report/reported_run.ts";
import { candidateAddress } from "./links.ts";
import { type RunProgress, runProgress } from "./run_progress.ts";

/** What is to be said of a run. */
export interface LiveState {
  /** `undefined` before it begins, or while its files cannot be read. */
  readonly run: ReportedRun | undefined;
  readonly progress: RunProgress | undefined;
  /** Why there is no run, in one line. */
  readonly problem: string | undefined;
  /** How much of the journal was read, 0 to 1; 1 when its end was reached once. */
  readonly share: number;
  /** Another one whenever anything but time has changed. */
  readonly version: number;
}

const NOTHING_YET: LiveState = {
  run: undefined,
  progress: undefined,
  problem: undefined,
  share: 0,
  version: 0,
};

/** A long journal is read in parts, so that there is soon something to see. */
const READING_MS = 250;

/** Reads one run for all who look at it. */
export class LiveRun {
  readonly directory: string;
  readonly name: string;
  #journal: JournalTail;
  readonly #loadImages: typeof imagesOf;
  #results: JournalResults;
  #tornBytes = 0;
  #wasWhole = false;
  #seen = "";
  #state = NOTHING_YET;
  #reading: Promise<LiveState> | undefined;

  /**
   * @param name Short, and different from those of other runs.
   * @param loadImages Loads the images of a search, or says why not.
   */
  constructor(directory: string, name: string, loadImages = imagesOf) {
    this.directory = directory;
    this.name = name;
    this.#journal = new JournalTail(this.#path("journal.jsonl"));
    this.#results = new JournalResults(this.#path("journal.jsonl"));
    // Images and their hash take long: once, as long as the run was begun with the same.
    let images: { readonly of: Begun | undefined; readonly found: ReturnType<typeof imagesOf> };
    this.#loadImages = (configuration, results, directory) => {
      const { begun } = results;
      if (images?.of !== begun || begun === undefined) {
        images = { of: begun, found: loadImages(configuration, results, directory) };
      }
      return images.found;
    };
  }

  /** Reads what is new, or a part of it. Whoever asks meanwhile gets the same answer. */
  read(): Promise<LiveState> {
    this.#reading ??= this.#read().finally(() => this.#reading = undefined);
    return this.#reading;
  }

  async #read(): Promise<LiveState> {
    try {
      const hasNews = await this.#readJournal();
      if (this.#state.share < 1 && this.#state.run) return this.#state;
      const seen = this.#stamps();
      if (hasNews || seen !== this.#seen || this.#state.problem !== undefined) {
        const read = await reportedRunOf(
          this.directory,
          this.name,
          this.#results,
          this.#tornBytes,
          this.#loadImages,
        );
        const run = {
          ...read,
          candidateAddress: (candidate: string) => candidateAddress(this.name, candidate),
        };
        this.#state = { ...this.#state, run, problem: undefined, version: this.#state.version + 1 };
      }
      this.#seen = seen;
      const progress = runProgress(this.#state.run!, this.#results.open);
      this.#state = { ...this.#state, progress };
    } catch (error) {
      this.#fail(error);
    }
    return this.#state;
  }

  /** @returns Whether there was something new. */
  async #readJournal(): Promise<boolean> {
    const end = performance.now() + READING_MS;
    let hasNews = false;
    let share = this.#state.share;
    do {
      const news = this.#takeNews();
      share = news?.share ?? 1;
      if (!news) break;
      hasNews = true;
      await new Promise((resolve) => setTimeout(resolve)); // Others are to be answered, too.
    } while (share < 1 && performance.now() < end);
    // What was read once to its end is not taken away when much comes at once.
    this.#wasWhole ||= share === 1;
    this.#state = { ...this.#state, share: this.#wasWhole ? 1 : share };
    return hasNews;
  }

  #takeNews(): JournalNews | undefined {
    try {
      const news = this.#journal.read();
      if (!news) return undefined;
      if (news.isAnew) this.#forget();
      for (const event of news.events) this.#results.add(event);
      this.#tornBytes = news.tornBytes;
      return news;
    } catch (error) {
      this.#forget();
      const path = this.#path("journal.jsonl");
      this.#journal = new JournalTail(path);
      const isSystems = error instanceof Error && "code" in error;
      throw isSystems ? new ConfigurationError(`Cannot read ${path}: ${reasonOf(error)}`) : error;
    }
  }

  #fail(error: unknown): void {
    const isExpected = error instanceof ConfigurationError || error instanceof SyntaxError ||
      (error instanceof Error && "code" in error);
    if (!isExpected) throw error;
    const problem = isMissing(this.directory)
      ? `There is no run in ${this.directory}`
      : error.message;
    if (problem !== this.#state.problem) {
      const version = this.#state.version + 1;
      this.#state = { ...NOTHING_YET, problem, version };
    }
  }

  #forget(): void {
    this.#results = new JournalResults(this.#path("journal.jsonl"));
    this.#tornBytes = 0;
    this.#wasWhole = false;
  }

  /** What the system says of all other files, which are short and read as a whole. */
  #stamps(): string {
    const files = ["config.json", "generations.csv", "log.jsonl", "summary.json", "best.json"];
    const tests = [...Deno.readDirSync(this.directory)].map(({ name }) => name)
      .filter((name) => /^evaluation.*\.csv$/.test(name)).sort();
    const stamps = [...files, ...tests].map((name) => {
      const { ino, size, mtime } = statOf(this.#path(name)) ?? {};
      return `${name} ${ino} ${size} ${mtime?.getTime()}`;
    });
    return [`${FileLock.isHeld(this.#path("lock"))}`, ...stamps].join("\n");
  }

  #path(name: string): string {
    return `${this.directory}/${name}`;
  }
}

function isMissing(path: string): boolean {
  try {
    return !Deno.statSync(path).isDirectory;
  } catch (error) {
    return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
  }
}

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
