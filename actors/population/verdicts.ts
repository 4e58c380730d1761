/**
 * How an actor asks, on the way, whether a candidate is worth going on with.
 *
 * @module
 */
import type { Scores } from "../record/facts.ts";
import type { Candidate, Progressed, ToUpdater, Verdict } from "./protocol.ts";
import { type ActorRef, type Context, RequestError } from "../runtime/mod.ts";

/** The verdicts of the pruner on one candidate. */
export class Verdicts {
  readonly #part: string;
  readonly #updater: ActorRef<ToUpdater, Verdict>;
  readonly #verdictMs: number | undefined;
  readonly #candidate: Candidate;
  readonly #context: Context<Candidate>;
  #asked: Promise<boolean> | undefined;
  #prunedAt: Pick<Progressed, "step" | "steps"> | undefined;

  /** @param verdictMs How long to wait for a verdict; `undefined`: the run has no pruner. */
  constructor(
    { part, updater, verdictMs }: {
      readonly part: string;
      readonly updater: ActorRef<ToUpdater, Verdict>;
      readonly verdictMs?: number | undefined;
    },
    candidate: Candidate,
    context: Context<Candidate>,
  ) {
    this.#part = part;
    this.#updater = updater;
    this.#verdictMs = verdictMs;
    this.#candidate = candidate;
    this.#context = context;
  }

  /** Whether there is anybody to ask. The repeats of finalists are never pruned. */
  get wanted(): boolean {
    return this.#verdictMs !== undefined && this.#candidate.repeat === 0;
  }

  /**
   * Whether to go on. Without a verdict in time the answer is yes; after a no it stays no.
   *
   * @param step From 1.
   * @param steps How many there will be; `null` if that is not known.
   * @param scores What the part would score if it ended here; finite.
   */
  goesOn(step: number, steps: number | null, scores: Scores): Promise<boolean> {
    const before = this.#asked ?? Promise.resolve(true);
    if (!this.wanted) return before;
    this.#asked = before.then((on) => on && this.#ask(step, steps, scores));
    return this.#asked;
  }

  /** After which step it was pruned, if it was, once every question has its answer. */
  async prunedAt(): Promise<Pick<Progressed, "step" | "steps"> | undefined> {
    if (this.#asked) await this.#asked;
    return this.#prunedAt;
  }

  async #ask(step: number, steps: number | null, scores: Scores): Promise<boolean> {
    const { generation, candidate, repeat } = this.#candidate;
    const key = { generation, candidate, repeat };
    const question: Progressed = {
      type: "Progressed",
      ...key,
      part: this.#part,
      step,
      steps,
      scores,
    };
    this.#context.heartbeat();
    try {
      const { goesOn } = await this.#context.request(this.#updater, question, {
        timeoutMs: this.#verdictMs!,
      });
      if (!goesOn) this.#prunedAt = { step, steps };
      return goesOn;
    } catch (error) {
      if (error instanceof RequestError) return true;
      throw error;
    } finally {
      this.#context.heartbeat();
    }
  }
}
