/**
 * The CSV files of a run. What was computed (`candidates.csv`, `generations.csv`, `finalists.csv`)
 * is kept apart from when and where (`timings.csv`), so that runs can be compared byte for byte.
 *
 * @module
 */
import { stringify } from "@std/csv";
import type { Evaluated, GenerationDone } from "./protocol.ts";

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

const SCORE_COLUMNS = [
  "mismatch",
  "divergence",
  "discriminator_error",
  "fitness",
  "train_loss",
  "perturbed_accuracy",
  "clean_accuracy",
  "status",
] as const;

/** The columns of every file, in order. */
export const COLUMNS = {
  "candidates.csv": ["generation", "candidate", "distribution", "age", "seed", ...SCORE_COLUMNS],
  "finalists.csv": ["generation", "candidate", "repeat", "seed", ...SCORE_COLUMNS],
  "generations.csv": [
    "generation",
    "evaluations",
    "wasted",
    "sigma",
    "axis_ratio",
    "best_fitness",
    "median_fitness",
    "worst_fitness",
    "best_so_far",
    "mean_mismatch",
    "mean_divergence",
  ],
  "timings.csv": [
    "generation",
    "candidate",
    "attempt",
    "worker",
    "device",
    "engine",
    "queued_ms",
    "train_ms",
    "score_ms",
    "images_per_second",
  ],
} as const;

/** The name of a CSV file. */
export type Table = keyof typeof COLUMNS;

/** One CSV file, written from its start and then appended to. */
class CsvFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #columns: readonly string[];

  constructor(directory: string, table: Table) {
    this.#columns = COLUMNS[table];
    this.#file = Deno.openSync(`${directory}/${table}`, {
      create: true,
      write: true,
      truncate: true,
    });
    this.#write(stringify([], { columns: this.#columns }));
  }

  append(row: Row): void {
    for (const column of this.#columns) {
      const value = row[column];
      if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
        throw new RangeError(`Cannot write column ${column}: expected a value, received ${value}`);
      }
    }
    this.#write(stringify([row], { columns: this.#columns, headers: false }));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }

  #write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let written = 0; written < bytes.length;) {
      written += this.#file.writeSync(bytes.subarray(written));
    }
  }
}

/**
 * Writes the CSV files of a run as its events come in. Candidates are written in the order of
 * (generation, candidate), whoever finished first: one that is early waits for those before it.
 */
export class Tables implements Disposable {
  readonly #population: number;
  readonly #candidates: CsvFile;
  readonly #generations: CsvFile;
  readonly #finalists: CsvFile;
  readonly #timings: CsvFile;
  readonly #early = new Map<number, Evaluated>();
  readonly #repeats: Evaluated[] = [];
  #next = 0;
  #finished = false;

  /** @param population Candidates of a generation. */
  constructor(directory: string, population: number) {
    this.#population = population;
    this.#candidates = new CsvFile(directory, "candidates.csv");
    this.#generations = new CsvFile(directory, "generations.csv");
    this.#finalists = new CsvFile(directory, "finalists.csv");
    this.#timings = new CsvFile(directory, "timings.csv");
  }

  evaluated(event: Evaluated): void {
    if (event.repeat > 0) {
      this.#repeats.push(event);
      return;
    }
    this.#early.set(event.generation * this.#population + event.candidate, event);
    for (let ready; (ready = this.#early.get(this.#next)); this.#next++) {
      this.#early.delete(this.#next);
      this.#writeCandidate(ready);
    }
  }

  generation(done: GenerationDone): void {
    this.#generations.append({
      generation: done.generation,
      evaluations: done.evaluations,
      wasted: done.wasted,
      sigma: done.sigma,
      axis_ratio: done.axisRatio,
      best_fitness: done.bestFitness,
      median_fitness: done.medianFitness,
      worst_fitness: done.worstFitness,
      best_so_far: done.bestSoFar,
      mean_mismatch: done.meanMismatch,
      mean_divergence: done.meanDivergence,
    });
  }

  /** Writes what is still waiting. Nothing more may come. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const serial of [...this.#early.keys()].sort((a, b) => a - b)) {
      this.#writeCandidate(this.#early.get(serial)!);
    }
    const inOrder = this.#repeats.sort((a, b) =>
      a.generation - b.generation || a.candidate - b.candidate || a.repeat - b.repeat
    );
    for (const event of inOrder) {
      const { generation, candidate, repeat, seed } = event;
      this.#finalists.append({ generation, candidate, repeat, seed, ...scoreCells(event) });
    }
  }

  /** Finishes, unless that was tried before, and closes the files. */
  [Symbol.dispose](): void {
    using _timings = this.#timings;
    using _finalists = this.#finalists;
    using _generations = this.#generations;
    using _candidates = this.#candidates;
    this.finish();
  }

  #writeCandidate(event: Evaluated): void {
    const { generation, candidate, distribution, age, seed } = event;
    this.#candidates.append({
      generation,
      candidate,
      distribution,
      age,
      seed,
      ...scoreCells(event),
    });
    const { trainTiming, scoreTiming } = event;
    const timing = trainTiming ?? scoreTiming;
    this.#timings.append({
      generation,
      candidate,
      attempt: timing?.attempt ?? null,
      worker: timing?.slot ?? null,
      device: timing?.device ?? null,
      engine: timing?.engine ?? null,
      queued_ms: milliseconds(timing?.queuedMs),
      train_ms: milliseconds(trainTiming?.busyMs),
      score_ms: milliseconds(scoreTiming?.busyMs),
      images_per_second: timing ? Math.round(timing.imagesPerSecond) : null,
    });
  }
}

function scoreCells({ training, scoring, fitness, status }: Evaluated): Row {
  return {
    mismatch: training?.mismatch ?? null,
    divergence: scoring?.divergence ?? null,
    discriminator_error: scoring?.discriminatorError ?? null,
    fitness,
    train_loss: training?.trainLoss ?? null,
    perturbed_accuracy: training?.perturbedAccuracy ?? null,
    clean_accuracy: training?.cleanAccuracy ?? null,
    status,
  };
}

function milliseconds(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}
