/**
 * What the events of a journal come to, one after the other: results, and what is being evaluated.
 *
 * @module
 */
import { type Evaluated, type EvaluatedCandidate, keyOf, type Sampled } from "./facts.ts";
import type { Begun, JournalEvent } from "./journal.ts";

/** The results of a run so far. */
export class JournalResults {
  readonly #path: string;
  readonly #candidates: EvaluatedCandidate[] = [];
  readonly #finalists: EvaluatedCandidate[] = [];
  readonly #open = new Map<string, Sampled>();
  #begun: Begun | undefined;
  #endedFor = 0;
  #isInOrder = true;

  /** @param path Of the journal, for errors. */
  constructor(path: string) {
    this.#path = path;
  }

  /** @throws {SyntaxError} If it is the result of an evaluation that was not started. */
  add(event: JournalEvent): void {
    switch (event.type) {
      case "Begun":
        this.#begun ??= event;
        break;
      case "Sampled":
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
  get open(): readonly Sampled[] {
    return [...this.#open.values()];
  }

  /** Whether the search has ended before its last generation, and was not continued with more. */
  hasEnded(planned: number): boolean {
    return this.#endedFor >= planned;
  }

  #evaluated(event: Evaluated): void {
    const key = keyOf(event);
    const sampled = this.#open.get(key);
    if (!sampled) {
      throw new SyntaxError(
        `Cannot read ${this.#path}: it has a result of evaluation ${key}, which was not started`,
      );
    }
    this.#open.delete(key);
    (event.repeat > 0 ? this.#finalists : this.#candidates)
      .push({ ...event, genome: sampled.draw.x });
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
