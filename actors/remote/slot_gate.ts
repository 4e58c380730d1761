/**
 * Which of the slots that stand for workers' slots the sampler may give something to: as many as workers
 * have, so that no candidate is drawn before somebody can try it.
 *
 * @module
 */
import type { SlotFree } from "../population/protocol.ts";
import type { RemoteDesk } from "../population/remote.ts";

/** Opens and closes slots. */
export class SlotGate {
  readonly #desk: Pick<RemoteDesk, "slots" | "parts" | "toSampler">;
  readonly #open = new Set<string>();
  readonly #busy = new Set<string>();
  #mostOpen = 0;
  #openMs = 0;
  #since = performance.now();

  constructor(desk: Pick<RemoteDesk, "slots" | "parts" | "toSampler">) {
    this.#desk = desk;
  }

  /** How many are open. */
  get open(): number {
    return this.#open.size;
  }

  /** The most that were open at the same time. */
  get mostOpen(): number {
    return this.#mostOpen;
  }

  /** Time in which they were open, in milliseconds, added up. */
  get openMs(): number {
    this.#countTime();
    return this.#openMs;
  }

  /** Opens and closes idle slots until so many are open; a busy one closes when it is done. */
  adjust(target: number): void {
    const { slots, parts, toSampler } = this.#desk;
    for (const slot of slots) {
      if (this.#open.size >= target) break;
      if (this.#open.has(slot) || this.#busy.has(slot)) continue;
      this.#set(slot, true);
      for (const part of parts) void toSampler({ type: "SlotFree", slot, part, finished: null });
    }
    for (const slot of [...this.#open]) {
      if (this.#open.size <= target) break;
      if (this.#busy.has(slot)) continue;
      this.#set(slot, false);
      for (const part of parts) void toSampler({ type: "SlotLost", slot, part, lost: null });
    }
  }

  /** A slot has something to do. */
  begin(slot: string): void {
    this.#busy.add(slot);
  }

  /** It does not any more; {@linkcode free} follows. */
  end(slot: string): void {
    this.#busy.delete(slot);
  }

  /** A slot is done with something; it stays open if so many are to be. */
  async free(
    slot: string,
    part: string,
    finished: SlotFree["finished"],
    target: number,
  ): Promise<void> {
    const { toSampler, parts } = this.#desk;
    const wasOpen = this.#open.has(slot);
    const stays = this.#open.size + (wasOpen ? 0 : 1) <= target;
    this.#set(slot, stays);
    await toSampler({ type: "SlotFree", slot, part, finished, leaves: !stays });
    if (wasOpen || !stays) return;
    for (const other of parts.filter((other) => other !== part)) {
      await toSampler({ type: "SlotFree", slot, part: other, finished: null });
    }
  }

  #set(slot: string, isOpen: boolean): void {
    this.#countTime();
    if (isOpen) this.#open.add(slot);
    else this.#open.delete(slot);
    this.#mostOpen = Math.max(this.#mostOpen, this.#open.size);
  }

  #countTime(): void {
    const now = performance.now();
    this.#openMs += this.#open.size * (now - this.#since);
    this.#since = now;
  }
}
