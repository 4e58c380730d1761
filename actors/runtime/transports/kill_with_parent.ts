/**
 * Lets no process outlive the one that started it.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";

/**
 * Kills the process `pid` when this one is gone, even if both were given no chance to clean up: a
 * child that is stuck in a computation does not notice that its parent was killed, and would hold
 * its GPU for ever. A shell waits on a pipe that the kernel closes with this process.
 *
 * @param warn Told if there is no shell to do it, or no permission to start one.
 * @returns What calls it off.
 */
export function killWithParent(
  pid: number | undefined,
  warn: (why: string) => void,
): () => void {
  if (pid === undefined || process.platform === "win32") return () => {};
  const unguarded = (error: Error) =>
    warn(`process ${pid} would outlive a killed parent: ${error.message}`);
  try {
    const guard = spawn("/bin/sh", ["-c", `read -r _; kill -9 ${pid}`], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    guard.on("error", unguarded);
    return () => guard.kill("SIGKILL");
  } catch (error) {
    unguarded(error as Error);
    return () => {};
  }
}
