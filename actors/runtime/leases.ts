/**
 * Who works on what, and until when.
 *
 * @module
 */

/** A piece of work that one holder has until a deadline. */
export interface Lease {
  /** Names the piece of work. */
  readonly work: string;
  /** Who has it. */
  readonly holder: string;
  /** When it lapses, in milliseconds of the caller's clock. */
  readonly deadline: number;
  /** 1 for the first lease on this work, 2 for the next, and so on. */
  readonly attempt: number;
}

/** What a result is worth; see {@linkcode LeaseTable.complete}. */
export type Completion = "first" | "duplicate" | "unknown";

interface Work {
  readonly holders: Set<string>;
  attempts: number;
  done: boolean;
}

/**
 * Keeps track of leases. It has no clock and no timers: the caller says what time it is, arms a timer
 * for {@linkcode LeaseTable.nextDeadline}, and decides what to do with work that comes back.
 *
 * The first result for a piece of work counts, whichever of its holders sends it: one whose lease
 * has lapsed may still be the first to answer.
 *
 * @example A holder that dies, and one that answers
 * ```ts
 * import { LeaseTable } from "@mddes/mddes/runtime";
 *
 * const leases = new LeaseTable();
 * leases.grant("7/3", "trainers/0", 1000);
 * leases.releaseHolder("trainers/0"); // the lease on "7/3", attempt 1
 * leases.grant("7/3", "trainers/1", 2000);
 * leases.complete("7/3", "trainers/1"); // "first"
 * leases.complete("7/3", "trainers/0"); // "duplicate"
 * leases.complete("7/4", "trainers/0"); // "unknown"
 * ```
 */
export class LeaseTable {
  readonly #works = new Map<string, Work>();
  readonly #leases = new Map<string, Lease>();

  /** The leases in force, in the order they were granted. */
  get leases(): readonly Lease[] {
    return [...this.#leases.values()];
  }

  /** When the next lease lapses; `undefined` if there is none. */
  get nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const { deadline } of this.#leases.values()) {
      if (next === undefined || deadline < next) next = deadline;
    }
    return next;
  }

  /**
   * Leases work to a holder.
   *
   * @throws {RangeError} If the work is leased already, or done.
   */
  grant(work: string, holder: string, deadline: number): Lease {
    const present = this.#leases.get(work);
    if (present !== undefined) {
      throw new RangeError(
        `Cannot grant lease: "${work}" is leased to "${present.holder}", asked for "${holder}"`,
      );
    }
    const record = this.#works.get(work) ?? { holders: new Set(), attempts: 0, done: false };
    if (record.done) throw new RangeError(`Cannot grant lease: "${work}" is done`);
    record.holders.add(holder);
    const lease = { work, holder, deadline, attempt: ++record.attempts };
    this.#works.set(work, record);
    this.#leases.set(work, lease);
    return lease;
  }

  /**
   * Moves the deadline of all that a holder has: it is alive.
   *
   * @returns How many leases that were.
   */
  extend(holder: string, deadline: number): number {
    let extended = 0;
    for (const lease of this.#leases.values()) {
      if (lease.holder !== holder) continue;
      this.#leases.set(lease.work, { ...lease, deadline });
      extended++;
    }
    return extended;
  }

  /**
   * Records a result.
   *
   * @returns `first` if it is the one that counts, and the lease ends; `duplicate` if there was one
   * before; `unknown` if the work was never leased to this holder.
   */
  complete(work: string, holder: string): Completion {
    const record = this.#works.get(work);
    if (record === undefined || !record.holders.has(holder)) return "unknown";
    if (record.done) return "duplicate";
    record.done = true;
    this.#leases.delete(work);
    return "first";
  }

  /** Ends and returns the leases whose deadline is not after `now`. */
  expire(now: number): Lease[] {
    return this.#end((lease) => lease.deadline <= now);
  }

  /** Ends and returns the leases of a holder that is gone. */
  releaseHolder(holder: string): Lease[] {
    return this.#end((lease) => lease.holder === holder);
  }

  /** Forgets work for good: later results for it are `unknown`. */
  forget(work: string): void {
    this.#works.delete(work);
    this.#leases.delete(work);
  }

  #end(which: (lease: Lease) => boolean): Lease[] {
    const ended = this.leases.filter(which);
    for (const { work } of ended) this.#leases.delete(work);
    return ended;
  }
}
