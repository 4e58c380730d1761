/**
 * Keeps code of the user's from ending the process.
 *
 * @module
 */
import process from "node:process";

/** Until it is disposed, whoever ends the process gets an error instead. */
export function holdExit(): Disposable {
  const exit = Deno.exit;
  const nodeExit = process.exit;
  Deno.exit = process.exit = (code) => {
    throw new Error(`it ended its process, with code ${code ?? 0}`);
  };
  return {
    [Symbol.dispose]() {
      Deno.exit = exit;
      process.exit = nodeExit;
    },
  };
}

/** Calls a function that may not end the process. */
export function withoutExit<T>(step: () => T): T {
  using _exit = holdExit();
  return step();
}
