/**
 * Which Deno the commands need.
 *
 * @module
 */

/**
 * Locks of open files (`Deno.FsFile.tryLockSync`), which keep two processes from one run, came with 2.7.
 * Before 2.9 a message that holds an empty typed array ends the process that gets it (`serialization:
 * "advanced"` of `node:child_process`).
 */
const NEEDED = [2, 9] as const;

/**
 * Why this Deno cannot run the commands; `undefined` if it can.
 *
 * @param version Such as `2.9.6`, or `2.10.0-rc.1`.
 */
export function tooOld(version: string): string | undefined {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return undefined;
  return `mddes needs Deno ${NEEDED.join(".")} or later, and this is ${version}; ` +
    "to get a new one: deno upgrade";
}

/** Ends the process with one line and exit code 2 if its Deno is too old. */
export function refuseOldDeno(): void {
  const why = tooOld(Deno.version.deno);
  if (why === undefined) return;
  console.error(`error: ${why}`);
  Deno.exit(2);
}
