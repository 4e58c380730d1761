/** Searches and workers in processes of their own. */
import { fileURLToPath } from "node:url";
import type { NatsServer } from "../../nats_server.ts";

const ROOT = new URL("../../../", import.meta.url);
export const SLOW_SPHERE = fileURLToPath(new URL("slow_sphere.ts", import.meta.url));

/** A command that is running. */
export class Running implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #output: Promise<string>;
  readonly #errors: Promise<string>;
  isOver = false;

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-all", "--no-check", "--lock=deno.full.lock"],
        "tests/actors/remote/impatient.ts",
        ...args,
      ],
      cwd: ROOT,
      env: { NO_COLOR: "1", ...env },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = new Response(this.#process.stdout).text();
    this.#errors = new Response(this.#process.stderr).text();
    this.#process.status.then(() => this.isOver = true);
  }

  /** What it said, and how it ended. */
  async ended(): Promise<{ code: number; out: string; error: string }> {
    const { code } = await this.#process.status;
    return { code, out: await this.#output, error: await this.#errors };
  }

  kill(signal: Deno.Signal = "SIGKILL"): void {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended();
  }
}

/** A worker. */
export function startWorker(
  server: Pick<NatsServer, "url">,
  name: string,
  ...more: string[]
): Running {
  const options = ["--nats", server.url, "--name", name, "--devices", "cpu", "--modules"];
  return new Running(["worker", ...options, SLOW_SPHERE, ...more]);
}

/** A run of `minimize`, begun or resumed. */
export function startMinimize(
  server: Pick<NatsServer, "url">,
  directory: string,
  ...more: string[]
): Running {
  return new Running(["minimize", directory, server.url, ...more]);
}

/** Evaluations that the journal of a run has. */
export function evaluations(directory: string): number {
  try {
    return Deno.readTextFileSync(`${directory}/journal.jsonl`).split('"Evaluated"').length - 1;
  } catch {
    return 0;
  }
}
