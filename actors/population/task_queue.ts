/**
 * What is to be done for candidates, in order.
 *
 * @module
 */
import { Queue } from "../runtime/mod.ts";
import type { Sampled } from "../record/facts.ts";

/** One part of an evaluation that is to be done. */
export interface Task {
  readonly sampled: Sampled;
  readonly part: string;
  /** 1 at first; each lost actor adds 1. */
  readonly attempt: number;
  /** On the clock of the system. */
  readonly queuedAt: number;
}

interface Place {
  readonly task: Task;
  readonly order: number;
}

/** The tasks of one part. */
interface Line {
  /** The last one comes first, and before all others. */
  readonly again: Place[];
  readonly fresh: Queue<Place>;
}

/** Tasks in one order, of which whoever can do only some parts takes the first that it can. */
export class TaskQueue {
  readonly #parts: readonly string[];
  readonly #lines: Map<string, Line>;
  #last = 0;
  #first = 0;

  /** @param parts All that there are. */
  constructor(parts: readonly string[]) {
    this.#parts = parts;
    this.#lines = new Map(parts.map((part) => [part, { again: [], fresh: new Queue() }]));
  }

  /** Adds a task behind all others. */
  push(task: Task): void {
    this.#lines.get(task.part)!.fresh.push({ task, order: ++this.#last });
  }

  /** Adds a task before all others. */
  unshift(task: Task): void {
    this.#lines.get(task.part)!.again.push({ task, order: --this.#first });
  }

  /** Whether there is a task of one of these parts. */
  has(parts: ReadonlySet<string>): boolean {
    return this.#next(parts) !== undefined;
  }

  /** Removes the first task of one of these parts. */
  take(parts: ReadonlySet<string>): Task | undefined {
    const line = this.#next(parts);
    return (line?.again.pop() ?? line?.fresh.shift())?.task;
  }

  /** The line at whose head the first task of these parts is. */
  #next(parts: ReadonlySet<string>): Line | undefined {
    let next: Line | undefined;
    let order = Infinity;
    for (const part of this.#parts) {
      if (!parts.has(part)) continue;
      const line = this.#lines.get(part)!;
      const head = line.again.at(-1) ?? line.fresh.at(0);
      if (head === undefined || head.order >= order) continue;
      next = line;
      order = head.order;
    }
    return next;
  }
}
