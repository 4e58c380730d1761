/**
 * The recorder: writes the journal and, once an event is on the disk, the CSV files, and passes it on
 * to whoever watches the run.
 *
 * @module
 */
import type { Journal } from "../record/journal.ts";
import type { Ended, Evaluated, GenerationDone, Winner } from "../record/facts.ts";
import type { ToRecorder } from "./protocol.ts";
import type { Behavior, Context, Start } from "../runtime/mod.ts";
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

  constructor(init: RecorderInit) {
    this.#init = init;
  }

  async receive(message: ToRecorder, context: Context<ToRecorder>): Promise<void> {
    const { journal, tables, onEvent, onDone } = this.#init;
    switch (message.type) {
      case "Sampled":
        return journal.append(message);
      case "Evaluated":
        journal.append(message);
        return journal.whenSynced(() => {
          tables.evaluated(message);
          onEvent(message);
        });
      case "Ended":
        journal.append(message);
        return journal.whenSynced(() => onEvent(message));
      case "GenerationDone":
        return journal.whenSynced(() => {
          tables.generation(message);
          onEvent(message);
        });
      case "SearchDone":
        await journal.flushed();
        return onDone(message.winner);
      default:
        return context.unknown(message);
    }
  }
}
