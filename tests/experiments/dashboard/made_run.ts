/** A run that is made by hand, event by event, with whatever texts in it. */
import type { JournalEvent } from "../../../actors/record/journal.ts";
import { formatEvent, formatLine } from "../../../actors/record/journal_line.ts";
import { configurationFile } from "../../../actors/record/run_directory.ts";
import { resolveSearch } from "../../../experiments/study/search_folder.ts";
import { small } from "../../actors/small_search.ts";

/** Texts of a run that come from outside. */
export interface Texts {
  readonly source: string;
  readonly slot: string;
  readonly device: string;
  readonly engine: string;
  readonly reason: string;
  readonly actor: string;
  readonly dataset: string;
}

const PLAIN: Texts = {
  source: "made by hand",
  slot: "slot-0",
  device: "cpu",
  engine: "none",
  reason: "it is made so",
  actor: "slots/slot-0-train",
  dataset: "synthetic",
};

/** Appends to the files of a run in a folder of its own, as a search does. */
export class MadeRun {
  readonly directory: string;
  readonly #texts: Texts;
  #lines = 0;
  #generations = 0;

  constructor(directory: string, texts: Partial<Texts> = {}, generations = 20) {
    this.directory = directory;
    this.#texts = { ...PLAIN, ...texts };
    Deno.mkdirSync(directory, { recursive: true });
    const { dataset, source } = this.#texts;
    const configuration = { ...resolveSearch({ ...small, generations }), dataset };
    const file = configurationFile("made", "search", source, { ...configuration });
    Deno.writeTextFileSync(`${directory}/config.json`, JSON.stringify(file));
    this.append([{ type: "Begun", run: "made", configuration: { ...configuration } }]);
    const head = "generation,evaluations,wasted,sigma,axis_ratio,best_fitness,median_fitness," +
      "worst_fitness,best_so_far,mean_mismatch,mean_divergence";
    this.#write("generations.csv", head);
    this.log(this.#texts.actor);
  }

  /** Write events to the journal. */
  append(events: readonly JournalEvent[]): void {
    const text = events.map((event) => {
      const number = this.#lines++;
      return formatLine(number, number, formatEvent(event));
    }).join("");
    Deno.writeTextFileSync(`${this.directory}/journal.jsonl`, text, { append: true });
  }

  /** An actor was lost. */
  log(actor: string): void {
    const time = new Date(0).toISOString();
    const { reason: text } = this.#texts;
    this.#write(
      "log.jsonl",
      JSON.stringify({
        time,
        level: "info",
        actor: "search/recorder",
        text: "started",
        incarnation: 1,
      }),
    );
    this.#write("log.jsonl", JSON.stringify({ time, level: "error", actor, text, lost: 1 }));
  }

  /** A generation of four candidates, the last of which has failed. */
  generation(): void {
    const generation = this.#generations++;
    const { reason } = this.#texts;
    this.append(
      [0, 1, 2, 3].flatMap((candidate): JournalEvent[] => {
        const key = { generation, candidate, repeat: 0, seed: 7 };
        const x = Array.from({ length: 30 }, (_, i) => ((i + candidate + generation) % 10) / 10);
        const isOk = candidate < 3;
        return [
          { type: "Sampled", ...key, draw: { x, version: generation } },
          {
            type: "Evaluated",
            ...key,
            distribution: generation,
            age: 0,
            status: isOk ? "ok" : "failed",
            fitness: isOk ? generation + candidate / 10 : null,
            scores: isOk ? { mismatch: 0.5, divergence: 0.25 } : {},
            timings: isOk ? { train: this.#timing(generation, candidate) } : {},
            reason: isOk ? null : reason,
          },
        ];
      }),
    );
    const fitness = [generation + 0.2, generation + 0.1, generation, generation + 0.2];
    const row = [generation, 4 * (generation + 1), 0, 0.3, 1, ...fitness, 0.5, 0.25];
    this.#write("generations.csv", row.join(","));
  }

  #timing(generation: number, candidate: number) {
    const { slot, device, engine } = this.#texts;
    const startedAt = 1000 * (4 * generation + candidate);
    return {
      slot,
      device,
      engine,
      attempt: 1,
      startedAt,
      queuedMs: 1,
      busyMs: 900,
      imagesPerSecond: 100,
    };
  }

  #write(file: string, line: string): void {
    Deno.writeTextFileSync(`${this.directory}/${file}`, `${line}\n`, { append: true });
  }
}
