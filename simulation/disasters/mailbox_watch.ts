/**
 * Watches how full the mailboxes of a search are.
 *
 * @module
 */
import { parseSlotActor } from "../../actors/population/slot.ts";
import type { Launch } from "../../actors/runtime/mod.ts";
import type { Report } from "./invariants.ts";
import type { Listener } from "./listened.ts";

type Mailbox = Launch["mailbox"];

/** Knows the bounds of all mailboxes. */
export class MailboxWatch {
  readonly #senders: number;
  readonly #report: Report;
  readonly #control = new Map<string, Mailbox>();

  /** @param trainers How many there are. */
  constructor(trainers: number, report: Report) {
    // Besides the trainers there are the sampler and the updater.
    this.#senders = trainers + 2;
    this.#report = report;
  }

  /** Listens to an actor. */
  readonly listen = ({ name, mailbox }: Launch): Listener => {
    const isTrainer = parseSlotActor(name) !== undefined;
    if (!isTrainer) this.#control.set(name, mailbox);
    return {
      onDeliver: () => isTrainer && this.#boundTrainer(name, mailbox),
      afterSend: () => this.#boundControl(),
    };
  };

  /** Who sends waits until that was accepted, so that no more wait than there are senders. */
  #boundControl(): void {
    for (const [name, { size, waiting, capacity }] of this.#control) {
      const most = name === "search/sampler" ? 0 : this.#senders;
      if (size <= capacity && waiting <= most) continue;
      this.#report("mailboxes", `${name} has ${size} messages of ${capacity}, and ${waiting} wait`);
    }
  }

  #boundTrainer(name: string, { size, waiting }: Mailbox): void {
    // What it has just finished, and the next.
    if (size + waiting <= 2) return;
    this.#report("mailboxes", `${name} has ${size} messages, and ${waiting} wait`);
  }
}
