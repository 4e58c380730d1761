/**
 * The recorder: writes the journal and, once an event is on the disk, the CSV files, and passes it on
 * to whoever watches the run.
 *
 * @module
 */
import type { Journal } from "../record/journal.ts";
import type { Ended, Evaluated, GenerationDone, Winner } from "../record/facts.ts";
import type { ToRecorder } from "./protocol.ts";
import { addRow } from "./replay.ts";
import { type Behavior, type Context, Queue, type Start } from "../runtime/mod.ts";
import type { Tables } from "../record/tables.ts";

/** What a run tells those who watch it. */
export type RecordedEvent = Evaluated | GenerationDone | Ended;

/** What a recorder starts from. It runs in memory, so files are handed over open. */
export interface RecorderInit {
  readonly journal: Journal;
  readonly tables: Tables;
  readonly onEvent: (event: RecordedEvent) => void;
  readonly onDone: (winner: Winner | null) => void;
}

/** Time that slots spent on results, in milliseconds. */
export function busyMs({ timings }: Evaluated): number {
  return Object.values(timings).reduce((sum, { busyMs }) => sum + busyMs, 0);
}

/** Starts the recorder. */
export const start: Start<RecorderInit, ToRecorder> = (init) => new Recorder(init);

class Recorder implements Behavior<ToRecorder> {
  readonly #init: RecorderInit;
  /** What nobody has been shown, and how many lines of the journal must be on the disk before. */
  readonly #waiting = new Queue<{ readonly event: RecordedEvent; readonly lines: number }>();

  constructor(init: RecorderInit) {
    this.#init = init;
  }

  receive(message: ToRecorder, context: Context<ToRecorder>): void | Promise<void> {
    const { journal, onDone } = this.#init;
    switch (message.type) {
      case "Sampled":
        return journal.append(message);
      case "Evaluated":
      case "Ended":
        journal.append(message);
        return this.#showLater(message);
      case "GenerationDone":
        return this.#showLater(message);
      case "SearchDone":
        return journal.flushed().then(() => onDone(message.winner));
      default:
        return context.unknown(message);
    }
  }

  #showLater(event: RecordedEvent): void {
    const { journal } = this.#init;
    this.#waiting.push({ event, lines: journal.lines });
    journal.whenSynced(this.#show);
  }

  /** All that one sync has brought to the disk is shown together. */
  readonly #show = (): void => {
    const { journal, tables, onEvent } = this.#init;
    const events: RecordedEvent[] = [];
    for (let next = this.#waiting.at(0); next; next = this.#waiting.at(0)) {
      if (next.lines > journal.synced) break;
      this.#waiting.shift();
      events.push(next.event);
      if (next.event.type !== "Ended") addRow(tables, next.event);
    }
    if (events.length === 0) return;
    tables.flush();
    for (const event of events) onEvent(event);
  };
}
