/**
 * What the dashboard answers to which address. Nothing can be changed through it.
 *
 * @module
 */
import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { figureCsv } from "../../report/figures/figure.ts";
import { figureBlock, table, type TableCell } from "../../report/page/blocks.ts";
import { ConfigurationError } from "../../options.ts";
import { type Access, onlyOwnName, onlyWithToken } from "./access.ts";
import { candidateSections } from "./candidate_sections.ts";
import clientScript from "./client.js" with { type: "text" };
import { Feed, type FeedNews } from "./feed.ts";
import { address, titleOf } from "./links.ts";
import { RunList } from "./list_section.ts";
import { LiveRun } from "./live_run.ts";
import { figureStyleHash, livePage, stillPage, STYLE } from "./live_page.ts";
import { RunSections } from "./run_sections.ts";
import { findRuns, isRunName } from "./runs_folder.ts";

/** Longer tables are cut; the CSV has all. */
const MOST_ROWS = 1000;

/** Side by side; more lines than this cannot be told apart. */
const MOST_COMPARED = 12;

/** The page that shows no run, but all of them. */
const LIST = "";

/** The dashboard of a folder of runs. It reads, and only while somebody looks. */
export class Dashboard implements Disposable {
  readonly #folder: string;
  readonly #runs = new Map<string, LiveRun>();
  readonly #feeds = new Map<string, Feed>();
  readonly #frames = new WeakMap<Feed, RunSections>();
  readonly #list: RunList;

  /** @param folder Of the runs. */
  constructor(folder: string) {
    this.#folder = folder;
    this.#list = new RunList(folder, (name) => this.#run(name));
  }

  /** Pages that are kept up to date, those who look at them, and runs that are kept for them. */
  get load(): { readonly feeds: number; readonly watchers: number; readonly runs: number } {
    const feeds = [...this.#feeds.values()];
    const watchers = feeds.reduce((sum, one) => sum + one.watchers, 0);
    return { feeds: feeds.length, watchers, runs: this.#runs.size };
  }

  /** Answers requests. */
  async app(access: Access): Promise<Hono> {
    const app = new Hono();
    app.use(onlyOwnName(access));
    app.use(secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", await figureStyleHash()],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      // Served without encryption, on one's own machine.
      strictTransportSecurity: false,
      referrerPolicy: "same-origin",
    }));
    app.use(onlyWithToken(access));
    app.get("/", async (c) => c.html(await this.#page(this.#listFeed(), "events")));
    app.get("/events", (c) => eventStream(c, this.#listFeed()));
    app.get("/run", async (c) => {
      const names = namesIn(c);
      return c.html(await this.#page(this.#runFeed(names), address("run/events", names)));
    });
    app.get("/run/events", (c) => eventStream(c, this.#runFeed(namesIn(c))));
    app.get("/candidate", (c) => this.#candidate(c));
    app.get("/map", (c) => this.#mapFrame(c));
    app.get("/figures/:file", (c) => this.#figure(c));
    app.get("/client.js", (c) => c.body(clientScript, 200, { "Content-Type": "text/javascript" }));
    app.get("/style.css", (c) => c.body(STYLE, 200, { "Content-Type": "text/css" }));
    app.notFound((c) => c.text("There is no such page\n", 404));
    app.onError((error, c) => {
      const isExpected = error instanceof ConfigurationError || error instanceof SyntaxError ||
        error instanceof RangeError || "code" in error;
      if (isExpected) return c.text(`${error.message}\n`, 404);
      console.error(error);
      return c.text("Cannot show this page; the terminal of the dashboard says why\n", 500);
    });
    return app;
  }

  /** Stops reading, and ends all streams. */
  [Symbol.dispose](): void {
    for (const feed of this.#feeds.values()) feed[Symbol.dispose]();
    this.#feeds.clear();
    this.#runs.clear();
  }

  async #page(feed: Feed, events: string): Promise<string> {
    await feed.ready();
    return livePage(feed, events);
  }

  #listFeed(): Feed {
    return this.#feed(LIST, `Runs in ${this.#folder}`, [], async () => {
      const section = await this.#list.section(findRuns(this.#folder));
      this.#forgetRuns();
      return { sections: [section], hasMore: false };
    });
  }

  #runFeed(names: readonly string[]): Feed {
    const key = JSON.stringify(names);
    const known = this.#feeds.get(key);
    if (known) return known;
    const sections = new RunSections(names.map((name) => this.#run(name)));
    const feed = this.#feed(key, titleOf(names), names, () => sections.now());
    this.#frames.set(feed, sections);
    return feed;
  }

  #feed(
    key: string,
    title: string,
    names: readonly string[],
    now: ConstructorParameters<typeof Feed>[2],
  ): Feed {
    const known = this.#feeds.get(key);
    if (known) return known;
    const feed = new Feed(title, names, now, () => {
      this.#feeds.delete(key);
      this.#forgetRuns();
    });
    this.#feeds.set(key, feed);
    return feed;
  }

  #run(name: string): LiveRun {
    const known = this.#runs.get(name);
    if (known) return known;
    const run = new LiveRun(`${this.#folder}/${name}`, name);
    this.#runs.set(name, run);
    return run;
  }

  /** Those that no page shows, and that are not running in the list. */
  #forgetRuns(): void {
    const shown = new Set([...this.#feeds.values()].flatMap(({ runs }) => runs));
    const isListed = this.#feeds.has(LIST);
    for (const name of this.#runs.keys()) {
      if (!shown.has(name) && !(isListed && this.#list.running.has(name))) this.#runs.delete(name);
    }
  }

  async #candidate(c: Context): Promise<Response> {
    const [name] = namesIn(c);
    const live = this.#run(name!);
    let { run, problem, share } = await live.read();
    while (problem === undefined && share < 1) ({ run, problem, share } = await live.read());
    this.#forgetRuns();
    if (!run) throw new ConfigurationError(problem ?? `Cannot read ${name}`);
    const wanted = c.req.query("candidate") ?? "";
    const title = `Candidate ${wanted} of ${name}`;
    return c.html(stillPage(title, [name!], candidateSections(run, wanted)));
  }

  async #mapFrame(c: Context): Promise<Response> {
    const feed = this.#runFeed(namesIn(c));
    await feed.whole();
    const frame = this.#frames.get(feed)?.frames[Number(c.req.query("frame"))];
    return frame ? c.html(figureBlock(frame, feed.linksOf(frame)).text) : c.notFound();
  }

  async #figure(c: Context): Promise<Response> {
    const names = namesIn(c);
    const feed = this.#runFeed(names);
    await feed.whole();
    const [, id = "", ending] = /^([a-z0-9-]+)\.(html|csv|svg)$/.exec(c.req.param("file") ?? "") ??
      [];
    const figure = feed.figure(id);
    if (!figure) return c.notFound();
    if (ending === "svg") return c.body(figure.svg, 200, { "Content-Type": "image/svg+xml" });
    if (ending === "csv") {
      const csv = figureCsv(figure.id, figure.rows);
      return c.body(csv, 200, { "Content-Type": "text/csv; charset=utf-8" });
    }
    const columns = Object.keys(figure.rows[0]!);
    const rows = figure.rows.slice(0, MOST_ROWS)
      .map((row) => columns.map((column): TableCell => row[column] ?? null));
    const cut = figure.rows.length > MOST_ROWS ? `, the first ${MOST_ROWS} rows` : "";
    const content = [table({ caption: `${figure.title}${cut}`, columns, rows })];
    return c.html(stillPage(figure.title, names, [{ title: "Table", content }]));
  }
}

/** @throws {ConfigurationError} If no run is named, or one cannot be a run in the folder. */
function namesIn(c: Context): string[] {
  const names = c.req.queries("run") ?? [];
  const wrong = names.find((name) => !isRunName(name));
  if (wrong !== undefined) throw new ConfigurationError(`There is no run ${JSON.stringify(wrong)}`);
  const different = [...new Set(names)];
  if (different.length === 0) throw new ConfigurationError("Choose at least one run");
  if (different.length > MOST_COMPARED) {
    throw new ConfigurationError(`At most ${MOST_COMPARED} runs can be compared on one page`);
  }
  return different;
}

/** Server-sent events, each with what is new. */
function eventStream(c: Context, feed: Feed): Response {
  const stop = new AbortController();
  const news = feed.watch(c.req.query("revision"), stop.signal);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await news.next();
      if (done) controller.close();
      else controller.enqueue(eventOf(value));
    },
    async cancel() {
      stop.abort();
      await news.return(undefined);
    },
  }, { highWaterMark: 0 });
  return c.body(body, 200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
}

const events = new WeakMap<FeedNews, Uint8Array>();

/** A line that a browser passes over. */
const SIGN_OF_LIFE = new TextEncoder().encode(":\n\n");

/** The same bytes for all who get the same news. */
function eventOf(news: FeedNews | undefined): Uint8Array {
  if (!news) return SIGN_OF_LIFE;
  const known = events.get(news);
  if (known) return known;
  const bytes = new TextEncoder().encode(`event: news\ndata: ${JSON.stringify(news)}\n\n`);
  events.set(news, bytes);
  return bytes;
}
