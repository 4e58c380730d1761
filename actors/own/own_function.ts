/**
 * Functions of the user's own that the search itself calls, on its own thread: strategies and stoppers.
 *
 * @module
 */
import { checkPart } from "./check_part.ts";
import { ConfigurationError } from "../../options.ts";
import { locateModule } from "./locate_module.ts";
import { errorFrom, systemClock } from "../runtime/mod.ts";
import { loadFunction, type Wanted } from "./user_module.ts";

/** Whether an option names a file, and not one of the names that it knows. */
export function isModule(text: string): boolean {
  return text.startsWith("file:") || /[/\\]|\.m?[jt]s$/.test(text);
}

/**
 * The URL of a file that an option names.
 *
 * @throws {ConfigurationError} If there is no such file.
 */
export function moduleUrl(text: string): string {
  const url = locateModule(text);
  if (url !== undefined) return url;
  throw new ConfigurationError(`Cannot use ${text}: there is no such file`);
}

/**
 * A function that a module exports. It is loaded on another thread first: a module that ends its
 * process or never loads does no harm there.
 *
 * @param url Of the module.
 * @throws {ConfigurationError} If it does not load, or exports no such function.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function ownFunction<F>(
  url: string,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<F> {
  const module = new URL("./module_probe.ts", import.meta.url);
  await checkPart({ part: "probe", module, init: { module: url, wanted } }, url, signal);
  try {
    return await loadFunction<F>(url, wanted, systemClock);
  } catch (error) {
    throw new ConfigurationError((error as Error).message, { cause: error });
  }
}

/**
 * Makes errors, each of one line, for what is wrong with something of the user's own.
 *
 * @param what It is.
 * @returns Takes why it cannot be used and, if something was thrown, that.
 */
export function refusalOf(what: string): (why: string, ...thrown: unknown[]) => ConfigurationError {
  return (why, ...thrown) => {
    const said = [why, ...thrown.map((each) => errorFrom(each).message)].join(": ");
    return new ConfigurationError(`Cannot use ${what}: ${said.split("\n")[0]}`, {
      cause: thrown[0],
    });
  };
}
