/**
 * A page that changes: its sections are made once for all who look at it, and each of them is sent
 * what has changed since it was last sent something.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { type FigureLink, note } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { figuresOf, type Section, sectionHtml, slug } from "../../report/page/page.ts";
import { address } from "./links.ts";

/** Time between two looks at what is not all read. */
const SOON_MS = 1;

/** Time between two looks. */
const EVERY_MS = 700;

/** How long a page may take to be whole before it is shown as it is. */
const WHOLE_MS = 500;

/** A page at which nobody has looked for so long is forgotten. */
const IDLE_MS = 30_000;

/** A browser that gets nothing for so long is told that there is nothing, so that one that went is noticed. */
const SIGN_OF_LIFE_MS = 15_000;

/** What a browser is sent. */
export interface FeedNews {
  /** What it has then: to be named when more is asked for. */
  readonly revision: string;
  /** Ids of all sections, in order. */
  readonly order: readonly string[];
  /** The HTML of those that are new, by their ids. */
  readonly sections: Readonly<Record<string, string>>;
}

/** What is to be shown. */
export interface SectionsNow {
  /** A section that did not change is the same object. */
  readonly sections: readonly Section[];
  /** Whether there is more to show at once. */
  readonly hasMore: boolean;
}

interface Shown {
  readonly section: Section;
  readonly html: string;
  /** When it came to be as it is. */
  readonly revision: number;
}

/** One page. It works while somebody looks at it. */
export class Feed implements Disposable {
  readonly title: string;
  /** Names of the runs that it shows; none for the list of all. */
  readonly runs: readonly string[];
  readonly #sectionsNow: () => Promise<SectionsNow>;
  readonly #onIdle: () => void;
  /** Another one for each feed, so that revisions of an earlier one are not taken for its own. */
  readonly #id = crypto.randomUUID();
  readonly #shown = new Map<string, Shown>();
  #revision = 0;
  /** News by what is known, so that they are made once for all. */
  readonly #news = new Map<number, FeedNews>();
  /** Those who wait for a change. */
  readonly #waiting = new Set<() => void>();
  #failure = "";
  #first: Promise<void> | undefined;
  readonly #whole = Promise.withResolvers<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastUse = 0;
  #watchers = 0;
  #isOver = false;

  /**
   * @param runs Names of the runs that it shows.
   * @param sectionsNow What is to be shown.
   * @param onIdle Told when nobody looks any more, and the feed has stopped.
   */
  constructor(
    title: string,
    runs: readonly string[],
    sectionsNow: () => Promise<SectionsNow>,
    onIdle: () => void,
  ) {
    this.title = title;
    this.runs = runs;
    this.#sectionsNow = sectionsNow;
    this.#onIdle = onIdle;
  }

  /** People who look at it. */
  get watchers(): number {
    return this.#watchers;
  }

  /** Resolves when there is something to show, and if that does not take long, all of it. */
  async ready(): Promise<void> {
    const whole = this.whole();
    await this.#first;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, WHOLE_MS);
    await Promise.race([whole, late.promise]);
    clearTimeout(timer);
  }

  /** Resolves when everything is shown. */
  whole(): Promise<void> {
    this.#lastUse = performance.now();
    this.#first ??= this.#look();
    return this.#whole.promise;
  }

  /** The section titles, for a table of contents. */
  get sections(): readonly Section[] {
    return [...this.#shown.values()].map(({ section }) => section);
  }

  /** A figure by its id. */
  figure(id: string): Figure | undefined {
    return figuresOf(this.sections).find((figure) => figure.id === id);
  }

  /** What somebody lacks who has a revision; `undefined` if nothing. */
  newsSince(revision: string | undefined): FeedNews | undefined {
    const [id, number] = revision?.split("/") ?? [];
    const known = id === this.#id && /^\d+$/.test(number ?? "") ? Number(number) : -1;
    if (known >= this.#revision) return undefined;
    const made = this.#news.get(known);
    if (made) return made;
    const changed = [...this.#shown].filter(([, { revision }]) => revision > known);
    const news = {
      revision: `${this.#id}/${this.#revision}`,
      order: [...this.#shown.keys()],
      sections: Object.fromEntries(changed.map(([id, { html }]) => [id, html])),
    };
    this.#news.set(known, news);
    return news;
  }

  /**
   * News, one after the other, until `signal` is aborted or the feed is over; `undefined` where there
   * were none for some time. Who is slow gets what is newest, and nothing waits for it.
   */
  async *watch(
    revision: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<FeedNews | undefined> {
    this.#watchers++;
    try {
      await this.ready();
      let known = revision;
      while (!signal.aborted && !this.#isOver) {
        const news = this.newsSince(known) ??
          (await this.#hasChanged(signal) ? this.newsSince(known) : undefined);
        known = news?.revision ?? known;
        if (!signal.aborted && !this.#isOver) yield news;
      }
    } finally {
      this.#watchers--;
      this.#lastUse = performance.now();
    }
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#whole.resolve();
    this.#wake();
  }

  /** Waits for a change or the end, and not for ever. */
  async #hasChanged(signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const wake = () => resolve(true);
    const timer = setTimeout(() => resolve(false), SIGN_OF_LIFE_MS);
    signal.addEventListener("abort", wake);
    this.#waiting.add(wake);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      this.#waiting.delete(wake);
    }
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }

  async #look(): Promise<void> {
    const startedAt = performance.now();
    const { sections, hasMore } = await this.#sectionsOrWhyNot();
    this.#take(sections);
    if (!hasMore) this.#whole.resolve();
    if (this.#isOver) return;
    const isIdle = this.#watchers === 0 && performance.now() - this.#lastUse > IDLE_MS;
    if (isIdle) {
      this[Symbol.dispose]();
      this.#onIdle();
      return;
    }
    // At most half of the time, however long it takes.
    const rest = Math.max(EVERY_MS, performance.now() - startedAt);
    this.#timer = setTimeout(() => void this.#look(), hasMore ? SOON_MS : rest);
  }

  /** What fails once, as when a folder is taken away, can be there again later. */
  async #sectionsOrWhyNot(): Promise<SectionsNow> {
    try {
      const now = await this.#sectionsNow();
      this.#failure = "";
      return now;
    } catch (error) {
      const { message } = error as Error;
      if (!(error instanceof ConfigurationError) && message !== this.#failure) console.error(error);
      this.#failure = message;
      return { sections: [{ title: "Not shown", content: [note(message)] }], hasMore: false };
    }
  }

  #take(sections: readonly Section[]): void {
    const revision = this.#revision + 1;
    const before = new Map(this.#shown);
    this.#shown.clear();
    for (const section of sections) {
      const id = slug(section.title);
      const old = before.get(id);
      const html = old?.section === section ? old.html : this.#htmlOf(section);
      this.#shown.set(id, html === old?.html ? { ...old, section } : { section, html, revision });
    }
    const isChanged = before.size !== this.#shown.size ||
      [...this.#shown.values()].some((shown) => shown.revision === revision);
    if (!isChanged) return;
    this.#revision = revision;
    this.#news.clear();
    this.#wake();
  }

  #htmlOf(section: Section): string {
    return sectionHtml(section, (figure) => this.linksOf(figure)).text;
  }

  /** Other forms of a figure. */
  linksOf({ id, title }: Figure): FigureLink[] {
    return [
      {
        text: "Table",
        label: `Table of ${title}`,
        href: address(`figures/${id}.html`, this.runs),
      },
      { text: "CSV", label: `CSV of ${title}`, href: address(`figures/${id}.csv`, this.runs) },
      { text: "SVG", label: `SVG of ${title}`, href: address(`figures/${id}.svg`, this.runs) },
    ];
  }
}
