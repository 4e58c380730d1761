/**
 * What is to be done for candidates, in order.
 *
 * @module
 */
import { Queue } from "../runtime/mod.ts";
import { type EvaluationKey, keyOf, type Sampled } from "../record/facts.ts";

/** One part of an evaluation that is to be done. */
export interface Task {
  readonly sampled: Sampled;
  readonly part: string;
  /** 1 at first; each lost actor adds 1. */
  readonly attempt: number;
  /** On the clock of the system. */
  readonly queuedAt: number;
  /** Its place in the queue: smaller ones come first. */
  readonly order: number;
}

/** The tasks of one part. */
interface Line {
  /** The last one comes first, and before all others. */
  readonly again: Task[];
  readonly fresh: Queue<Task>;
}

/** Tasks in one order, of which whoever can do only some parts takes the first that it can. */
export class TaskQueue {
  readonly #parts: readonly string[];
  readonly #distance: number;
  readonly #lines: ReadonlyMap<string, Line>;
  readonly #found: Set<string>;
  #first = 0;
  #last = 0;

  /**
   * Creates an empty queue.
   *
   * @param parts All that there are, the longest first.
   * @param slots How many tasks are done at the same time.
   * @param found Names of tasks that are to be left out, see {@linkcode foundName}; those that were
   * left out are taken off. Default: none.
   */
  constructor(parts: readonly string[], slots: number, found: Set<string> = new Set()) {
    this.#found = found;
    this.#parts = parts;
    this.#distance = slots + 0.5;
    this.#lines = new Map(parts.map((part) => [part, { again: [], fresh: new Queue() }]));
  }

  /**
   * Adds every part of evaluations behind all that is there. The other parts of a candidate come as
   * many places after the first as there are slots: evaluations end steadily, and short parts fill the
   * gaps at the end of a generation.
   */
  add(evaluations: readonly Sampled[], queuedAt: number): void {
    let first = this.#last + 1;
    for (const part of this.#parts) {
      const { fresh } = this.#lines.get(part)!;
      for (let i = 0; i < evaluations.length; i++) {
        this.#last = first + i;
        fresh.push({ sampled: evaluations[i]!, part, attempt: 1, queuedAt, order: this.#last });
      }
      first += this.#distance;
    }
  }

  /**
   * Adds a task before all others, for another attempt.
   *
   * @param attempt Its number. Default: the next one.
   */
  again(task: Task, queuedAt: number, attempt: number = task.attempt + 1): void {
    const { again } = this.#lines.get(task.part)!;
    again.push({ ...task, attempt, queuedAt, order: --this.#first });
  }

  /** Whether there is a task of one of these parts. */
  has(parts: ReadonlySet<string>): boolean {
    return this.#next(parts) !== undefined;
  }

  /** Removes the first task of one of these parts. */
  take(parts: ReadonlySet<string>): Task | undefined {
    const line = this.#next(parts);
    return line?.again.pop() ?? line?.fresh.shift();
  }

  /** The line at whose head the first task of these parts is. */
  #next(parts: ReadonlySet<string>): Line | undefined {
    let next: Line | undefined;
    let order = Infinity;
    for (const part of this.#parts) {
      if (!parts.has(part)) continue;
      const line = this.#lines.get(part)!;
      const head = this.#head(line);
      if (head === undefined || head.order >= order) continue;
      next = line;
      order = head.order;
    }
    return next;
  }

  /** The first task of a line that is still to be done. */
  #head({ again, fresh }: Line): Task | undefined {
    let head = again.at(-1) ?? fresh.at(0);
    while (head && this.#found.size > 0 && this.#found.delete(foundName(head.sampled, head.part))) {
      if (again.length > 0) again.pop();
      else fresh.shift();
      head = again.at(-1) ?? fresh.at(0);
    }
    return head;
  }
}

/** Names a part of an evaluation. */
export function foundName(key: EvaluationKey, part: string): string {
  return `${keyOf(key)}/${part}`;
}
