/**
 * The CSV files that only simulations have: what each attempt was, and how busy the trainers were.
 *
 * @module
 */
import { CsvFile } from "../actors/record/csv_file.ts";
import type { RunFiles } from "../actors/record/run_files.ts";
import type { Job } from "./job.ts";
import type { Observation } from "./observation.ts";

const JOB_COLUMNS = [
  "generation",
  "candidate",
  "repeat",
  "part",
  "attempt",
  "trainer",
  "device",
  "submitted_ms",
  "started_ms",
  "ended_ms",
  "outcome",
];

/** `jobs.csv`: an attempt a row, in the order in which they ended. */
export class JobTable implements Disposable {
  readonly #file: CsvFile;

  constructor(path: string, files: RunFiles) {
    this.#file = new CsvFile(path, JOB_COLUMNS, files);
  }

  /** Adds an attempt. */
  add(job: Job): void {
    this.#file.append([
      job.generation,
      job.candidate,
      job.repeat,
      job.part,
      job.attempt,
      job.trainer,
      job.device,
      rounded(job.submittedMs),
      rounded(job.startedMs),
      rounded(job.endedMs),
      job.outcome,
    ]);
  }

  /** Writes what was added. */
  flush(): void {
    this.#file.flush();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** Write `load.csv`: for stretches of time, how many trainers worked and how many evaluations waited. */
export function writeLoad(path: string, files: RunFiles, { busy, queue, now }: Observation): void {
  using file = new CsvFile(path, ["start_ms", "busy", "queued"], files);
  const queued = queue.courseUntil(now);
  for (const [index, { startMs, mean }] of busy.courseUntil(now).entries()) {
    file.append([rounded(startMs), rounded(mean), rounded(queued[index]!.mean)]);
  }
  file.flush();
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
