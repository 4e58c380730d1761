/**
 * Questions to the process that searches: of workers, for the pruner's verdict, and of other processes,
 * whether somebody searches for the same run.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { faultOf } from "../population/check_result.ts";
import type { Progressed, Verdict } from "../population/protocol.ts";
import type { Connection } from "./connect.ts";
import { encode, MAX_BYTES, subjects } from "./messages.ts";

/** Answers questions until disposed of. */
export function answerQuestions(
  { nats }: Connection,
  run: string,
  ask: (progressed: Progressed) => Promise<Verdict>,
): Disposable {
  const listener = nats.subscribe(subjects.verdict(run), {
    callback: (_error, message) =>
      void answerTo(message.data, ask).then(
        (verdict) => verdict && message.respond(encode(verdict)),
        () => {}, // Whoever gets no verdict goes on.
      ),
  });
  return { [Symbol.dispose]: () => listener.unsubscribe() };
}

/** The pruner's verdict, or a word that somebody is there. */
async function answerTo(
  bytes: Uint8Array,
  ask: (progressed: Progressed) => Promise<Verdict>,
): Promise<object | undefined> {
  if (bytes.length > MAX_BYTES) return undefined;
  if (bytes.length === 0) return {};
  const progressed = JSON.parse(new TextDecoder().decode(bytes)) as Progressed;
  if (faultOf(progressed) !== undefined || progressed.type !== "Progressed") return undefined;
  const { goesOn } = await ask(progressed);
  return { goesOn };
}

/** @throws {ConfigurationError} If another process searches for the run, in a copy of its folder. */
export async function requireAlone({ nats, where }: Connection, run: string): Promise<void> {
  const isAnswered = await nats.request(subjects.verdict(run), new Uint8Array(), { timeout: 1000 })
    .then(() => true, () => false);
  if (!isAnswered) return;
  throw new ConfigurationError(
    `Cannot search by the NATS server at ${where}: another process does that for the same run, ` +
      `${run}, in a copy of its folder`,
  );
}
