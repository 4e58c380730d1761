/**
 * How long trainers take to start, as data: always the same, or the measured times of a recorded run.
 *
 * @module
 */
import { parseSlotActor } from "../actors/population/slot.ts";
import { readLog } from "../actors/record/log.ts";
import { readConfigurationFile } from "../actors/record/run_directory.ts";
import { ConfigurationError } from "../options.ts";
import { deriveSeed, Random } from "../random.ts";
import { RUN_STREAMS } from "../random_streams.ts";
import { parseDuration } from "../duration.ts";

/** How long a trainer takes to start. */
export type StartTime =
  | { readonly kind: "constant"; readonly ms: number }
  /** As long as the same trainer took in a run; a restart, or one that it did not have, as any. */
  | { readonly kind: "recorded"; readonly run: string };

/** Milliseconds that a trainer takes to start; `life` is 1 at first and grows with each restart. */
export type StartMs = (actor: string, life: number) => number;

/** What a start time looks like, in words. */
export const startExpected = "a duration up to 59s, such as 5s, or recorded:RUN";

/** A search gives a trainer up that has not started within a minute. */
const MOST_START_MS = 59_000;

/** Read a start time; `undefined` if the text is none. */
export function parseStart(text: string): StartTime | undefined {
  const run = /^recorded:(.+)$/s.exec(text)?.[1];
  if (run !== undefined) return { kind: "recorded", run };
  const ms = parseDuration(text);
  return ms === undefined || ms > MOST_START_MS ? undefined : { kind: "constant", ms };
}

/**
 * How long each trainer takes to start, as a function of the seed, the trainer and its life.
 *
 * @throws {ConfigurationError} If there is no recorded run, or it does not say how long starts took.
 */
export function startModel(start: StartTime, seed: number): StartMs {
  if (start.kind === "constant") return () => start.ms;
  const { first, all } = readStarts(start.run);
  return (actor, life) => {
    const own = life === 1 ? first.get(actor) : undefined;
    if (own !== undefined) return own;
    const trainer = Number(parseSlotActor(actor)!.slot.replace("slot-", ""));
    const random = new Random(deriveSeed(seed, RUN_STREAMS.start, trainer, life));
    return all[random.integer(all.length)]!;
  };
}

/** The first starts of a run by actor, and all of them, in milliseconds. */
function readStarts(directory: string) {
  readConfigurationFile(directory);
  const path = `${directory}/log.jsonl`;
  const first = new Map<string, number>();
  const all: number[] = [];
  /** When all trainers were started, and when one was started again. */
  let launchedAt = NaN;
  const relaunchedAt = new Map<string, number>();
  for (const { actor, text, time, delayMs } of logOf(path)) {
    if (text === "is started again") relaunchedAt.set(actor, time + Number(delayMs));
    if (text !== "started") continue;
    if (!parseSlotActor(actor)) {
      // Those of the search itself are there before the first trainer is started.
      launchedAt = time;
      relaunchedAt.clear();
      continue;
    }
    const ms = time - (relaunchedAt.get(actor) ?? launchedAt);
    if (!(ms >= 0 && ms <= MOST_START_MS)) {
      throw new ConfigurationError(
        `Cannot use ${path}: expected starts of 0 to ${MOST_START_MS} ms, received one of ${ms} ms ` +
          `of ${actor}`,
      );
    }
    all.push(ms);
    if (!first.has(actor)) first.set(actor, ms);
  }
  if (all.length > 0) return { first, all };
  throw new ConfigurationError(
    `Cannot use ${path}: expected the start of a trainer, received none`,
  );
}

function logOf(path: string) {
  try {
    return readLog(path);
  } catch (error) {
    throw error instanceof SyntaxError
      ? new ConfigurationError(error.message, { cause: error })
      : error;
  }
}
