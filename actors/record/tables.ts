/**
 * The CSV files of a run. What was computed (`candidates.csv`, `generations.csv`, `finalists.csv`)
 * is kept apart from when and where (`timings.csv`), so that runs can be compared byte for byte.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import type { Evaluated, GenerationDone } from "./facts.ts";
import { type AppendFile, diskFiles, type RunFiles } from "./run_files.ts";

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

/** The columns of scores that every run has, used or not, and the names of the scores. */
const SCORES = {
  mismatch: "mismatch",
  divergence: "divergence",
  discriminator_error: "discriminatorError",
  train_loss: "trainLoss",
  perturbed_accuracy: "perturbedAccuracy",
  clean_accuracy: "cleanAccuracy",
} as const;

/** Columns and scores of the files that have them. */
export const takenNames: readonly string[] = [
  "generation",
  "candidate",
  "distribution",
  "age",
  "seed",
  "repeat",
  "fitness",
  "status",
  ...Object.entries(SCORES).flat(),
];

/** The columns of every file, in order, before those of terms of the user's own. */
const COLUMNS = {
  "candidates.csv": ["generation", "candidate", "distribution", "age", "seed"],
  "finalists.csv": ["generation", "candidate", "repeat", "seed"],
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

/** Every CSV file of a run. */
export const tableNames = Object.keys(COLUMNS) as readonly Table[];

/**
 * The columns of a file, in order.
 *
 * @param ownTerms The names of the user's own terms of the fitness.
 */
function columnsOf(table: Table, ownTerms: readonly string[]): readonly string[] {
  const columns = COLUMNS[table];
  switch (table) {
    case "candidates.csv":
    case "finalists.csv": {
      const [mismatch, divergence, error, ...others] = Object.keys(SCORES);
      const scores = [mismatch!, divergence!, error!, "fitness", ...others];
      return [...columns, ...scores, ...ownTerms, "status"];
    }
    case "generations.csv":
      return [...columns, ...ownTerms.map((term) => `mean_${term}`)];
    case "timings.csv":
      return [...columns, ...ownTerms.map((term) => `${term}_ms`)];
  }
}

/** One CSV file, written from its start and then appended to. */
class CsvFile implements Disposable {
  readonly #file: AppendFile;
  readonly #columns: readonly string[];

  constructor(path: string, columns: readonly string[], files: RunFiles) {
    this.#columns = columns;
    this.#file = files.open(path, 0);
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
    this.#file[Symbol.dispose]();
  }

  #write(text: string): void {
    this.#file.write(new TextEncoder().encode(text));
  }
}

/**
 * Writes the CSV files of a run as its events come in. Candidates are written in the order of
 * (generation, candidate), whoever finished first: one that is early waits for those before it.
 */
export class Tables implements Disposable {
  readonly #population: number;
  readonly #ownTerms: readonly string[];
  readonly #candidates: CsvFile;
  readonly #generations: CsvFile;
  readonly #finalists: CsvFile;
  readonly #timings: CsvFile;
  readonly #early = new Map<number, Evaluated>();
  readonly #repeats: Evaluated[] = [];
  #next = 0;
  #finished = false;

  /**
   * @param population Candidates of a generation.
   * @param ownTerms The names of the user's own terms of the fitness: each is a column more.
   * @param files Where they are kept. Default: on the disk.
   */
  constructor(
    directory: string,
    population: number,
    ownTerms: readonly string[] = [],
    files: RunFiles = diskFiles,
  ) {
    this.#population = population;
    this.#ownTerms = ownTerms;
    const open = (table: Table) =>
      new CsvFile(`${directory}/${table}`, columnsOf(table, ownTerms), files);
    this.#candidates = open("candidates.csv");
    this.#generations = open("generations.csv");
    this.#finalists = open("finalists.csv");
    this.#timings = open("timings.csv");
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
      mean_mismatch: done.means.mismatch ?? null,
      mean_divergence: done.means.divergence ?? null,
      ...this.#ownCells((term) => [`mean_${term}`, done.means[term]]),
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
      this.#finalists.append({ generation, candidate, repeat, seed, ...this.#scoreCells(event) });
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
      ...this.#scoreCells(event),
    });
    const { timings } = event;
    const [first] = Object.values(timings);
    this.#timings.append({
      generation,
      candidate,
      attempt: first?.attempt ?? null,
      worker: first?.slot ?? null,
      device: first?.device ?? null,
      engine: first?.engine ?? null,
      queued_ms: milliseconds(first?.queuedMs),
      train_ms: milliseconds((timings.train ?? timings.measure)?.busyMs),
      score_ms: milliseconds(timings.score?.busyMs),
      images_per_second: first ? Math.round(first.imagesPerSecond) : null,
      ...this.#ownCells((term) => [`${term}_ms`, milliseconds(timings[term]?.busyMs)]),
    });
  }

  #scoreCells({ scores, fitness, status }: Evaluated): Row {
    const standard = Object.entries(SCORES)
      .map(([column, score]) => [column, scores[score] ?? null]);
    return {
      ...Object.fromEntries(standard),
      fitness,
      ...this.#ownCells((term) => [term, scores[term]]),
      status,
    };
  }

  #ownCells(cellOf: (term: string) => readonly [column: string, cell: Cell | undefined]): Row {
    return Object.fromEntries(
      this.#ownTerms.map(cellOf).map(([column, cell]) => [column, cell ?? null]),
    );
  }
}

function milliseconds(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}
