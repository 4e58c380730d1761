/**
 * Progress of long work: a bar where a person looks on, plain lines elsewhere, both on stderr.
 *
 * @module
 */
import { durationText } from "../../duration.ts";
import { plainText } from "./plain_text.ts";

/** How far the work is. */
export interface ProgressState {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** Of `done`, what was done already: no time was spent on it in this process. */
  readonly before: number;
  /** Whether the numbers mean something to a person, and what, or only their share does. */
  readonly unit: "count" | "bytes" | "share";
  readonly elapsedMs: number;
}

/** The bar as text of at most `width` columns. */
export function render(state: ProgressState, width: number): string {
  const share = state.total === 0 ? 1 : Math.min(1, state.done / state.total);
  const left = remainingMs(state);
  const percent = `${Math.floor(100 * share)} %`;
  const count = {
    count: `${state.done}/${state.total}`,
    bytes: `${percent} of ${bytes(state.total)}`,
    share: percent,
  }[state.unit];
  const text = ` ${count} ${
    left === undefined
      ? ""
      : left === 0
      ? "done"
      : `${durationText(1000 * Math.ceil(left / 1000))} left`
  }`;
  const head = `${state.label} `;
  const room = Math.max(0, Math.min(30, width - head.length - text.length - 3));
  const full = Math.round(share * room);
  return `${head}[${"#".repeat(full)}${"-".repeat(room - full)}]${text}`.slice(0, width);
}

/** Time left at the pace so far, in milliseconds; `undefined` before anything is done. */
export function remainingMs({ done, before, total, elapsedMs }: ProgressState): number | undefined {
  if (done >= total) return 0;
  return done <= before ? undefined : (elapsedMs / (done - before)) * (total - done);
}

/** A number of bytes: `9.9 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  const power = Math.min(3, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB"][power]}`;
}

/** Time between plain lines. */
const LINE_EVERY_MS = 10_000;

/** Shows progress on stderr until it is disposed of. */
export class Progress implements Disposable {
  readonly #isTerminal = Deno.stderr.isTerminal();
  readonly #startedAt = performance.now();
  readonly #label: string;
  readonly #total: number;
  readonly #unit: ProgressState["unit"];
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #before: number;
  #done: number;
  #lastLineAt = performance.now();

  constructor(
    label: string,
    total: number,
    { before = 0, unit = "count" }: Partial<Pick<ProgressState, "before" | "unit">> = {},
  ) {
    this.#label = label;
    this.#unit = unit;
    this.#total = total;
    this.#before = before;
    this.#done = before;
    if (this.#isTerminal) this.#timer = setInterval(() => this.#draw(), 500);
    this.#draw();
  }

  /** So much more is done. */
  advance(amount = 1): void {
    this.#done += amount;
    this.#draw();
  }

  /** So much more was done already. */
  skip(amount: number): void {
    this.#before += amount;
    this.advance(amount);
  }

  /** Print a text to stdout, as plain text, without disturbing the bar. */
  print(text: string): void {
    this.#erase();
    console.log(plainText(text));
    this.#draw();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  #draw(): void {
    const elapsedMs = performance.now() - this.#startedAt;
    const state = {
      label: this.#label,
      done: this.#done,
      total: this.#total,
      before: this.#before,
      unit: this.#unit,
      elapsedMs,
    };
    if (this.#isTerminal) {
      return write(() => `\r\x1b[K${render(state, Deno.consoleSize().columns - 1)}`);
    }
    const now = performance.now();
    if (now - this.#lastLineAt < LINE_EVERY_MS || this.#done >= this.#total) return;
    this.#lastLineAt = now;
    write(() => `${render(state, 100)}\n`);
  }

  #erase(): void {
    if (this.#isTerminal) write(() => "\r\x1b[K");
  }
}

/** The work goes on, or ends as it should, where nobody looks on any longer. */
function write(text: () => string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text()));
  } catch {
    // The terminal was closed.
  }
}
