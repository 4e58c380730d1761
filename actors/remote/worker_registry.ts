/**
 * Which workers are there, by what they announce.
 *
 * @module
 */
import { type Announcement, BadMessage, decodeAnnouncement } from "./messages.ts";

/** A worker is gone when it was not heard of for so long, in milliseconds: three announcements. */
export function patienceMs({ everyMs }: Pick<Announcement, "everyMs">): number {
  return 3 * everyMs + 1000;
}

interface Known {
  readonly said: Announcement;
  readonly expiresAt: number;
}

/** The workers that a run may count on. */
export class WorkerRegistry {
  readonly #run: string;
  readonly #tell: (text: string) => void;
  readonly #known = new Map<string, Known>();
  /** What was said already, and is not said again. */
  readonly #told = new Set<string>();

  /** @param tell Told in words who comes, goes, and cannot be used. */
  constructor(run: string, tell: (text: string) => void) {
    this.#run = run;
    this.#tell = tell;
  }

  /** Slots of all workers that are there, without those that cannot work for the run. */
  get slots(): number {
    return this.#usable.reduce((sum, { serves }) => sum + serves[this.#run]!, 0);
  }

  /** Whether a worker says that it is at a task. */
  holds(task: string): boolean {
    return this.#usable.some(({ holds }) =>
      holds.some((held) => held.run === this.#run && held.task === task)
    );
  }

  /** Takes what came on the subject of a worker. */
  hear(subject: string, bytes: Uint8Array, now: number): void {
    let said: Announcement;
    try {
      said = decodeAnnouncement(bytes);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      const who = `the worker at ${subject.slice(0, 100)}`;
      this.#tellOnce(
        error.isOtherRelease
          ? `${who} gets nothing: ${error.message}`
          : `Cannot read what ${who} says: ${error.message}`,
      );
      return;
    }
    const { id, name, slots, serves, refuses } = said;
    const before = this.#known.get(id)?.said;
    const usable = serves[this.#run];
    const usableBefore = before?.serves[this.#run];
    if (slots === 0) {
      if (before) this.#lose(id, "has left");
      return;
    }
    this.#known.set(id, { said, expiresAt: now + patienceMs(said) });
    const refusal = refuses[this.#run];
    if (refusal !== undefined) {
      this.#tellOnce(`worker ${name} cannot work for this run: ${refusal}`);
    } else if (usable !== undefined && usable !== usableBefore) {
      const how = usableBefore === undefined ? "is there, with" : "now has";
      const which = usable === slots ? "" : ` of its ${slots} for this run`;
      this.#tell(`worker ${name} ${how} ${slotsText(usable)}${which}: ${this.#sumText()}`);
    }
  }

  /** Forgets those that were not heard of for too long. */
  expire(now: number): void {
    for (const [id, { expiresAt }] of this.#known) {
      if (now > expiresAt) this.#lose(id, "was not heard of any more");
    }
  }

  get #usable(): Announcement[] {
    return [...this.#known.values()].map(({ said }) => said)
      .filter(({ serves }) => this.#run in serves);
  }

  #lose(id: string, how: string): void {
    const { name, serves } = this.#known.get(id)!.said;
    this.#known.delete(id);
    if (this.#run in serves) this.#tell(`worker ${name} ${how}: ${this.#sumText()}`);
  }

  #sumText(): string {
    const workers = this.#usable.length;
    if (workers === 0) return "none is left";
    return `${workers} worker${workers === 1 ? "" : "s"}, ${slotsText(this.slots)}`;
  }

  #tellOnce(text: string): void {
    if (this.#told.has(text) || this.#told.size > 1000) return;
    this.#told.add(text);
    this.#tell(text);
  }
}

function slotsText(slots: number): string {
  return `${slots} slot${slots === 1 ? "" : "s"}`;
}
