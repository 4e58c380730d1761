/**
 * Lets no process outlive the one that started it.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";

const SHELL = "/bin/sh";

const NOTHING_TO_CALL_OFF = () => Promise.resolve();

/**
 * Kills the process `pid` when this one is gone, even if both were given no chance to clean up: a
 * child that is stuck in a computation does not notice that its parent was killed, and would hold
 * its GPU for ever. A shell waits on a pipe that the kernel closes with this process. It is deaf to the
 * signals that batch systems send to all processes of a job before they kill some of them.
 *
 * @param warn Told if there is no shell to do it, or no permission to start one.
 * @returns What calls it off, for a process that has ended.
 */
export function killWithParent(
  pid: number | undefined,
  warn: (why: string) => void,
): () => Promise<void> {
  if (pid === undefined || process.platform === "win32") return NOTHING_TO_CALL_OFF;
  const unguarded = (error: Error) =>
    warn(`process ${pid} would outlive a killed parent: ${error.message}`);
  const { state } = Deno.permissions.querySync({ name: "run", command: SHELL });
  if (state !== "granted") {
    unguarded(new Error(`it needs --allow-run=${SHELL}`));
    return NOTHING_TO_CALL_OFF;
  }
  try {
    const guard = spawn(SHELL, ["-c", `trap "" HUP INT TERM; read -r _; kill -9 ${pid}`], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    guard.on("error", unguarded);
    return () =>
      new Promise((resolve) => {
        guard.on("exit", () => resolve());
        if (!guard.kill("SIGKILL")) resolve();
      });
  } catch (error) {
    unguarded(error as Error);
    return NOTHING_TO_CALL_OFF;
  }
}
