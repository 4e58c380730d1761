/**
 * A terminal that was closed while a command runs. It takes no more text, and saying so with an error
 * would keep the command from ending as it should.
 *
 * @module
 */

/** Let `console.log` and `console.error` say nothing once the terminal is closed. */
export function outliveTerminal(): void {
  for (const method of ["log", "error"] as const) {
    const print = console[method];
    console[method] = (...data: unknown[]) => {
      try {
        print(...data);
      } catch (error) {
        if (!isClosedTerminal(error)) throw error;
      }
    };
  }
}

/** EIO, of which the console tells in words alone. */
function isClosedTerminal(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith("(os error 5)");
}
