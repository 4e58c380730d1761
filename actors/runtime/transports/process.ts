/**
 * Actors in child processes.
 *
 * @module
 */

import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { killWithParent } from "./kill_with_parent.ts";
import { type Channel, moduleOf, RemoteActor } from "./remote.ts";
import type { Transport } from "./transport.ts";

/**
 * In a child process, which can be killed whatever it is doing, and whose crash is only its own.
 *
 * Starting it needs `--allow-run`, and `--allow-env` to pass the environment on.
 */
export interface ProcessPlacement {
  /** In a process. */
  readonly kind: "process";
  /** Environment variables on top of those of this process, such as `CUDA_VISIBLE_DEVICES`. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Flags of `deno run`, such as `--allow-read=data` and `--v8-flags=--max-old-space-size=512`.
   * Without any the actor has no permissions. The configuration file is the one nearest to the
   * program's main module, or else to the actor's, if this process may read it, unless `--config`
   * says otherwise.
   */
  readonly flags?: readonly string[];
}

/** Runs each actor in a process that is started for it alone. */
export function inProcess(placement: ProcessPlacement): Transport {
  return {
    sharesMemory: false,
    start(launch, uplink) {
      const module = moduleOf(launch, { sharesMemory: false });
      return new RemoteActor(launch, module, uplink, openProcess(placement, module));
    },
  };
}

/** Starts a process for an actor of this module. */
export function openProcess(placement: ProcessPlacement, module: URL): Channel {
  const options = {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
    detached: true, // Ctrl-C is for the system, which then stops its actors
    env: { ...process.env, ...placement.env },
  } satisfies SpawnOptions;
  const child: ChildProcess = spawn(
    process.execPath,
    ["run", ...denoFlags(placement.flags ?? [], module), entryFor(module)],
    options,
  );
  return {
    listen(listener) {
      const callOffGuard = killWithParent(child.pid, (why) => listener.warn(why));
      child.on("message", (batch: unknown) => listener.receive(batch));
      child.on("error", (error) => listener.fail(error)); // also for what cannot be deserialised
      child.on("exit", async (code, signal) => {
        await callOffGuard();
        listener.gone({ kind: "exited", code, signal });
      });
    },
    post(batch) {
      // One that could not be started has no channel, and says why in an event.
      if (child.pid !== undefined) child.send([...batch], ignoreLostChannel);
    },
    kill: () => void child.kill("SIGKILL"),
  };
}

/** The exit that follows says more. */
function ignoreLostChannel(): void {}

/**
 * A program that serves the actor. The import of a literal belongs to the program, so it needs no
 * permission to read; one of a computed name would.
 */
function entryFor(module: URL): string {
  const serve = new URL("./process_entry.ts", import.meta.url);
  const source = `import { serveProcess } from ${JSON.stringify(serve.href)};` +
    `serveProcess(() => import(${JSON.stringify(module.href)}));`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

const PERMISSION_FLAG = /^(-[APRWNESI]|--(allow|deny)-|--permission-set)/;
const CONFIG_FLAG = /^(-c|--config|--no-config)/;

function denoFlags(flags: readonly string[], module: URL): string[] {
  const all = ["--no-prompt", ...flags];
  // Deno's `spawn` gives a Deno without any permission flag all permissions (denoland/deno#35443).
  if (!flags.some((flag) => PERMISSION_FLAG.test(flag))) all.push("--deny-run");
  if (!flags.some((flag) => CONFIG_FLAG.test(flag))) {
    const config = nearestConfig(new URL(Deno.mainModule)) ?? nearestConfig(module);
    if (config !== undefined) all.push(`--config=${config}`);
  }
  for (const url of [new URL(import.meta.url), module]) {
    if (/^https?:/.test(url.protocol)) all.push(`--allow-import=${url.host}`);
  }
  return all;
}

/**
 * Deno looks for it from the entry on, but the entry has no place of its own. With that of the program
 * the actor's imports mean what they mean on a thread of the program.
 */
function nearestConfig(module: URL): string | undefined {
  if (module.protocol !== "file:") return undefined;
  for (let folder = new URL(".", module);; folder = new URL("..", folder)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const file = fileURLToPath(new URL(name, folder));
      if (canSee(file)) return file;
    }
    if (new URL("..", folder).href === folder.href) return undefined;
  }
}

function canSee(file: string): boolean {
  try {
    return existsSync(file);
  } catch {
    return false; // for want of permission
  }
}
