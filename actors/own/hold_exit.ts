/**
 * Keeps code of the user's from ending the process.
 *
 * @module
 */
import process from "node:process";

/** What was there before the first of those who hold it now. */
let before: { readonly exit: typeof Deno.exit; readonly nodeExit: typeof process.exit } | undefined;
let holders = 0;

/** Until it is disposed, whoever ends the process gets an error instead. Several may hold it at once. */
export function holdExit(): Disposable {
  holders++;
  before ??= { exit: Deno.exit, nodeExit: process.exit };
  Deno.exit = process.exit = (code) => {
    throw new Error(`it ended its process, with code ${code ?? 0}`);
  };
  return {
    [Symbol.dispose]() {
      if (--holders > 0) return;
      Deno.exit = before!.exit;
      process.exit = before!.nodeExit;
      before = undefined;
    },
  };
}

/** Calls a function that may not end the process. */
export function withoutExit<T>(step: () => T): T {
  using _exit = holdExit();
  return step();
}
