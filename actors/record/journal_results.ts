/**
 * What the events of a journal come to, one after the other: results, and what is being evaluated.
 *
 * @module
 */
import {
  type Evaluated,
  type EvaluatedCandidate,
  type EvaluationKey,
  keyOf,
  type Sampled,
} from "./facts.ts";
import type { Begun, JournalEvent } from "./journal.ts";
import type { Started, TailEvent } from "./journal_tail.ts";

type Open = Pick<Sampled, "draw"> & EvaluationKey | Started;

/**
 * A result whose point is read from the file when it is looked at. The getter is not its own, as
 * objects that each have a getter of their own take three times the memory.
 */
class LateResult {
  readonly #point: () => readonly number[];

  constructor(result: Evaluated, point: () => readonly number[]) {
    this.#point = point;
    Object.assign(this, result);
  }

  get genome(): readonly number[] {
    return this.#point();
  }
}

/** The results of a run so far. */
export class JournalResults {
  readonly #path: string;
  readonly #candidates: EvaluatedCandidate[] = [];
  readonly #finalists: EvaluatedCandidate[] = [];
  readonly #open = new Map<string, Open>();
  #begun: Begun | undefined;
  #endedFor = 0;
  #isInOrder = true;

  /** @param path Of the journal, for errors. */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {SyntaxError} If it is the result of an evaluation that was not started. */
  add(event: JournalEvent | TailEvent): void {
    switch (event.type) {
      case "Begun":
        this.#begun ??= event;
        break;
      case "Sampled": {
        const { generation, candidate, repeat, draw } = event;
        this.#open.set(keyOf(event), { generation, candidate, repeat, draw });
        break;
      }
      case "Started":
        this.#open.set(keyOf(event), event);
        break;
      case "Evaluated":
        this.#evaluated(event);
        break;
      case "Ended":
        this.#endedFor = Math.max(this.#endedFor, event.planned);
    }
  }

  /** What the run was begun with; `undefined` before that is written. */
  get begun(): Begun | undefined {
    return this.#begun;
  }

  /** Results of the search, in the order of (generation, candidate). */
  get candidates(): readonly EvaluatedCandidate[] {
    this.#putInOrder();
    return this.#candidates;
  }

  /** Results of finalists, in the order of (generation, candidate, repeat). */
  get finalists(): readonly EvaluatedCandidate[] {
    this.#putInOrder();
    return this.#finalists;
  }

  /** Evaluations that were started and have no result. */
  get open(): readonly EvaluationKey[] {
    return [...this.#open.values()];
  }

  /** Whether the search has ended before its last generation, and was not continued with more. */
  hasEnded(planned: number): boolean {
    return this.#endedFor >= planned;
  }

  #evaluated(event: Evaluated): void {
    const key = keyOf(event);
    const started = this.#open.get(key);
    if (!started) {
      throw new SyntaxError(
        `Cannot read ${this.#path}: it has a result of evaluation ${key}, which was not started`,
      );
    }
    this.#open.delete(key);
    (event.repeat > 0 ? this.#finalists : this.#candidates).push(
      "draw" in started
        ? { ...event, genome: started.draw.x }
        : new LateResult(event, started.point) as LateResult & Evaluated,
    );
    this.#isInOrder = false;
  }

  #putInOrder(): void {
    if (this.#isInOrder) return;
    this.#candidates.sort(inOrder);
    this.#finalists.sort(inOrder);
    this.#isInOrder = true;
  }
}

function inOrder(a: Evaluated, b: Evaluated): number {
  return a.generation - b.generation || a.candidate - b.candidate || a.repeat - b.repeat;
}
