/**
 * Loads a module of the user's, on the thread of the actor that uses it.
 *
 * @module
 */
import { exported } from "../../exported.ts";
import type { Clock } from "../runtime/mod.ts";
import { holdExit } from "./hold_exit.ts";

/** Long enough to fetch what a module imports; one that takes longer waits for what never comes. */
const LOAD_LIMIT_MS = 30_000;

/** What a user's module is to export. */
export interface Wanted {
  readonly name: string;
  /** In words: `a function evaluate(x)`. */
  readonly expected: string;
}

/**
 * The function that a module exports.
 *
 * @param module Its URL.
 * @throws {TypeError} If the module does not load, or exports no such function. One line.
 */
export async function loadFunction<F>(
  module: string,
  { name, expected }: Wanted,
  clock: Clock,
): Promise<F> {
  const limit = Promise.withResolvers<never>();
  const cancelLimit = clock.setTimer(LOAD_LIMIT_MS, () => {
    limit.reject(new Error(`it was not loaded within ${LOAD_LIMIT_MS / 1000} s`));
  });
  // Where a thread exits, what has imported it goes on as if it had exported nothing.
  using _exit = holdExit();
  try {
    const loading = import(module) as Promise<Readonly<Record<string, unknown>>>;
    const loaded = await Promise.race([loading, limit.promise]);
    if (typeof loaded[name] === "function") return loaded[name] as F;
    throw new Error(`expected a module that exports ${expected}, ${exported(loaded)}`);
  } catch (error) {
    throw new TypeError(`Cannot use ${module}: ${oneLine(error)}`, { cause: error });
  } finally {
    cancelLimit();
  }
}

/** What an error says and, of a mistake in the module's syntax, where. */
function oneLine(error: unknown): string {
  const whole = error instanceof Error ? error.message : Deno.inspect(error);
  const [text, ...lines] = whole.split("\n");
  const place = lines.find((line) => /^ *at file:/.test(line));
  return place === undefined ? text! : `${text} ${place.trim()}`;
}
