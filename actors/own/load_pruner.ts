/**
 * The pruner that an option names.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import { withoutExit } from "./hold_exit.ts";
import { locateModule } from "./locate_module.ts";
import { ownFunction } from "./own_function.ts";
import { median, type Pruner } from "../population/pruner.ts";

/** A pruner, and how `config.json` names it. */
export interface NamedPruner {
  /** `median`, or the URL of a module. */
  readonly name: string;
  readonly prune: Pruner;
}

/**
 * The pruner that an option names.
 *
 * @param option `median`, or the path or URL of a module.
 * @throws {ConfigurationError} If the module cannot be used.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function loadPruner(
  option: string,
  signal: AbortSignal | undefined,
): Promise<NamedPruner> {
  if (option === "median") return { name: option, prune: median };
  const name = locateModule(option);
  if (name === undefined) {
    throw new ConfigurationError(
      `Cannot use the pruner ${option}: expected median or the path of a file; there is no such file`,
    );
  }
  const wanted = { name: "pruner", expected: "a function pruner(progress, history)" };
  return { name, prune: checked(await ownFunction<Pruner>(name, wanted, signal), name) };
}

/** A pruner of the user's, whose mistakes are one line. */
function checked(pruner: Pruner, name: string): Pruner {
  return (progress, history) => {
    const { generation, candidate, step } = progress;
    const refuse = (why: string, cause?: unknown) =>
      new ConfigurationError(
        `Cannot use the pruner ${name} for candidate ${generation}/${candidate} at step ${step}: ` +
          why.split("\n")[0],
        { cause },
      );
    let verdict: unknown;
    try {
      verdict = withoutExit(() => pruner(progress, history));
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : Deno.inspect(error), error);
    }
    if (typeof verdict === "boolean") return verdict;
    throw refuse(`expected true or false, received ${Deno.inspect(verdict)}`);
  };
}
