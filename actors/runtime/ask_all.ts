/**
 * Many questions of one kind, answered by several actors.
 *
 * @module
 */
import type { Message } from "./envelope.ts";
import type { Supervisor } from "./supervisor.ts";
import type { ActorSystem } from "./system.ts";

/** What {@linkcode askAll} needs besides the questions. */
export interface AskAllOptions<Answer> {
  readonly system: ActorSystem;
  /** Of the actors. */
  readonly supervisor: Supervisor;
  /** The ids of the actors. */
  readonly ids: readonly string[];
  /** No more questions are asked when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Called for each answer, in the order in which they come. */
  readonly onAnswer: (index: number, answer: Answer) => void;
}

/**
 * Ask everything. Each actor takes one question after the other.
 *
 * @throws {EscalationError} If an actor is lost.
 * @throws {Error} Of `onAnswer`; then nothing more is asked.
 */
export async function askAll<Question extends Message, Answer extends Message>(
  questions: readonly Question[],
  { system, supervisor, ids, signal, onAnswer }: AskAllOptions<Answer>,
): Promise<void> {
  let next = 0;
  const work = ids.map(async (id) => {
    const actor = supervisor.ref<Question, Answer>(id);
    while (next < questions.length && !signal?.aborted) {
      const index = next++;
      onAnswer(index, await system.request(actor, questions[index]!, { timeoutMs: Infinity }));
    }
  });
  await Promise.race([Promise.all(work), supervisor.ended]);
}
