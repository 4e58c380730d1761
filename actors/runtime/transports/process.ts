/**
 * Actors in child processes.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { RemoteActor } from "./remote.ts";
import type { Transport } from "./transport.ts";
import type { FromActor } from "./wire.ts";

/** In which process an actor runs. */
export interface ProcessPlacement {
  /** In a child process. */
  readonly kind: "process";
  /** Environment variables on top of those of this process, such as `CUDA_VISIBLE_DEVICES`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of `deno run` for the child: its permissions, and `--config` where it needs one. */
  readonly flags?: readonly string[];
}

/** Runs the actor in a process of its own, with the permissions and environment given to it. */
export function startInProcess(placement: ProcessPlacement): Transport {
  return (launch, uplink) => {
    const entry = fileURLToPath(new URL("./process_entry.ts", import.meta.url));
    const child: ChildProcess = spawn(
      process.execPath,
      ["run", "--no-prompt", ...(placement.flags ?? []), entry],
      {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        serialization: "advanced",
        env: { ...process.env, ...placement.env },
      },
    );
    const actor = new RemoteActor(launch, uplink, {
      post: (batch) => void child.send([...batch]),
      kill: () => void child.kill("SIGKILL"),
    });
    child.on("message", (batch) => actor.receive(batch as FromActor[]));
    child.on("error", (error) => actor.end({ kind: "failed", error }));
    child.on("exit", (code, signal) => actor.end({ kind: "exited", code, signal }));
    return actor;
  };
}
