/**
 * The CSV files of a run. What was computed (`candidates.csv`, `generations.csv`, `finalists.csv`)
 * is kept apart from when and where (`timings.csv`), so that runs can be compared byte for byte.
 *
 * @module
 */
import { type Cell, CsvFile } from "./csv_file.ts";
import type { Evaluated, GenerationDone, Timing } from "./facts.ts";
import { diskFiles, type RunFiles } from "./run_files.ts";
import { SerialMap } from "./serial_map.ts";

/** The columns of scores that every run has, used or not, and the names of the scores. */
const SCORES = {
  mismatch: "mismatch",
  divergence: "divergence",
  discriminator_error: "discriminatorError",
  train_loss: "trainLoss",
  perturbed_accuracy: "perturbedAccuracy",
  clean_accuracy: "cleanAccuracy",
} as const;

const SCORE_NAMES = Object.values(SCORES);

/** Where the column of the fitness stands among them. */
const FITNESS_AT = 3;

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
      const scores = Object.keys(SCORES).toSpliced(FITNESS_AT, 0, "fitness");
      return [...columns, ...scores, ...ownTerms, "status"];
    }
    case "generations.csv":
      return [...columns, ...ownTerms.map((term) => `mean_${term}`)];
    case "timings.csv":
      return [...columns, ...ownTerms.map((term) => `${term}_ms`)];
  }
}

/**
 * Writes the CSV files of a run as its events come in. Candidates are written in the order of
 * (generation, candidate), whoever finished first: one that is early waits for those before it.
 * Rows are in the files when they have been flushed.
 */
export class Tables implements Disposable {
  readonly #population: number;
  readonly #ownTerms: readonly string[];
  readonly #candidates: CsvFile;
  readonly #generations: CsvFile;
  readonly #finalists: CsvFile;
  readonly #timings: CsvFile;
  readonly #early = new SerialMap<Evaluated>();
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

  /** Adds an evaluation. */
  evaluated(event: Evaluated): void {
    if (event.repeat > 0) {
      this.#repeats.push(event);
      return;
    }
    const serial = event.generation * this.#population + event.candidate;
    if (serial !== this.#next) {
      this.#early.set(serial, event);
      return;
    }
    for (let ready: Evaluated | undefined = event; ready; ready = this.#early.get(this.#next)) {
      this.#writeCandidate(ready);
      this.#early.delete(this.#next++);
    }
  }

  /** Adds a generation. */
  generation(done: GenerationDone): void {
    this.#generations.append([
      done.generation,
      done.evaluations,
      done.wasted,
      done.sigma,
      done.axisRatio,
      done.bestFitness,
      done.medianFitness,
      done.worstFitness,
      done.bestSoFar,
      done.means.mismatch ?? null,
      done.means.divergence ?? null,
      ...this.#ownTerms.map((term) => done.means[term] ?? null),
    ]);
  }

  /** Writes the rows of what was added. */
  flush(): void {
    this.#candidates.flush();
    this.#generations.flush();
    this.#finalists.flush();
    this.#timings.flush();
  }

  /** Writes what is still waiting. Nothing more may come. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    for (const event of this.#early.inOrder()) this.#writeCandidate(event);
    const inOrder = this.#repeats.sort((a, b) =>
      a.generation - b.generation || a.candidate - b.candidate || a.repeat - b.repeat
    );
    for (const event of inOrder) {
      const { generation, candidate, repeat, seed } = event;
      this.#finalists.append(this.#withScores([generation, candidate, repeat, seed], event));
    }
    this.flush();
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
    const { generation, candidate, distribution, age, seed, timings } = event;
    this.#candidates.append(
      this.#withScores([generation, candidate, distribution, age, seed], event),
    );
    const first = firstOf(timings);
    const cells = [
      generation,
      candidate,
      first?.attempt ?? null,
      first?.slot ?? null,
      first?.device ?? null,
      first?.engine ?? null,
      milliseconds(first?.queuedMs),
      milliseconds((timings.train ?? timings.measure)?.busyMs),
      milliseconds(timings.score?.busyMs),
      first ? Math.round(first.imagesPerSecond) : null,
    ];
    for (const term of this.#ownTerms) cells.push(milliseconds(timings[term]?.busyMs));
    this.#timings.append(cells);
  }

  /** Adds the scores to the cells of a row, in the order of {@linkcode columnsOf}. */
  #withScores(cells: Cell[], { scores, fitness, status }: Evaluated): readonly Cell[] {
    for (let i = 0; i < SCORE_NAMES.length; i++) {
      if (i === FITNESS_AT) cells.push(fitness);
      cells.push(scores[SCORE_NAMES[i]!] ?? null);
    }
    for (const term of this.#ownTerms) cells.push(scores[term] ?? null);
    cells.push(status);
    return cells;
  }
}

function firstOf(timings: Evaluated["timings"]): Timing | undefined {
  for (const part in timings) return timings[part];
  return undefined;
}

function milliseconds(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value * 10) / 10;
}
