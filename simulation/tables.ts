/**
 * The CSV files that only simulations have: what each attempt was, and how busy the trainers were.
 *
 * @module
 */
import type { AppendFile, RunFiles } from "../actors/record/run_files.ts";
import type { Job } from "./job.ts";
import type { Observation } from "./observation.ts";

/** `jobs.csv`: an attempt a row, in the order in which they ended. */
export class JobTable implements Disposable {
  readonly #file: AppendFile;

  constructor(path: string, files: RunFiles) {
    this.#file = files.open(path, 0);
    this.#add(JOB_COLUMNS);
  }

  add(job: Job): void {
    this.#add([
      job.generation,
      job.candidate,
      job.repeat,
      job.attempt,
      job.trainer,
      job.device,
      rounded(job.submittedMs),
      rounded(job.startedMs),
      rounded(job.endedMs),
      job.outcome,
    ]);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #add(cells: readonly (string | number)[]): void {
    this.#file.write(line(cells));
  }
}

const JOB_COLUMNS = [
  "generation",
  "candidate",
  "repeat",
  "attempt",
  "trainer",
  "device",
  "submitted_ms",
  "started_ms",
  "ended_ms",
  "outcome",
];

/** Write `load.csv`: for stretches of time, how many trainers worked and how many evaluations waited. */
export function writeLoad(path: string, files: RunFiles, { busy, queue, now }: Observation): void {
  using file = files.open(path, 0);
  file.write(line(["start_ms", "busy", "queued"]));
  const queued = queue.courseUntil(now);
  for (const [index, { startMs, mean }] of busy.courseUntil(now).entries()) {
    file.write(line([rounded(startMs), rounded(mean), rounded(queued[index]!.mean)]));
  }
}

/** Nothing in a cell needs quotes. */
function line(cells: readonly (string | number)[]): Uint8Array {
  return new TextEncoder().encode(`${cells.join(",")}\r\n`);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
