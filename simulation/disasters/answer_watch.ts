/**
 * Watches that what trainers answer is counted.
 *
 * @module
 */
import type { Failed, PartDone } from "../../actors/population/protocol.ts";
import { parseSlotActor } from "../../actors/population/slot.ts";
import { type Evaluated, keyOf } from "../../actors/record/facts.ts";
import type { Launch, Message } from "../../actors/runtime/mod.ts";
import type { Report } from "./invariants.ts";
import type { Listener } from "./listened.ts";

/** Follows the answers that reach one process. */
export class AnswerWatch {
  readonly #parts: number;
  readonly #report: Report;
  /** Parts of evaluations that were answered. */
  readonly #answered = new Map<string, Set<string>>();
  /** Evaluations of which every part was, or that have failed. */
  readonly #due = new Set<string>();
  readonly #counted = new Set<string>();
  #isOver = false;

  /** @param parts How many an evaluation has. */
  constructor(parts: number, report: Report) {
    this.#parts = parts;
    this.#report = report;
  }

  /** Listens to an actor. */
  readonly listen = ({ name }: Launch): Listener => {
    if (name === "search/recorder") {
      return { onDeliver: ({ message }) => this.#told(message) };
    }
    if (!parseSlotActor(name)) return {};
    let isGone = false;
    const end = () => isGone = true;
    return {
      onSend: (_, message) => {
        if (!isGone && isAnswer(message)) this.#answer(message);
      },
      onKill: end,
      onExit: end,
    };
  };

  /** Nothing is left to do at this moment, and time is to pass. */
  settled(): void {
    for (const key of this.#due) this.#report("none-lost", `${key} has its answer, and is not`);
  }

  #answer(answer: PartDone | Failed): void {
    const key = keyOf(answer);
    if (this.#isOver || this.#counted.has(key)) return;
    const parts = this.#answered.get(key) ?? new Set();
    this.#answered.set(key, parts.add(answer.part));
    if (answer.type === "Failed" || parts.size === this.#parts) this.#due.add(key);
  }

  #told(message: Message): void {
    if (message.type === "SearchDone") {
      this.#isOver = true;
      this.#due.clear();
    }
    if (message.type !== "Evaluated") return;
    const key = keyOf(message as Evaluated);
    this.#counted.add(key);
    this.#answered.delete(key);
    this.#due.delete(key);
  }
}

function isAnswer(message: Message): message is PartDone | Failed {
  return message.type === "PartDone" || message.type === "Failed";
}
