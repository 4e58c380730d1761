/** A sphere whose process is killed once; `?killed=FILE` in its URL is written before. */
import type { Objective } from "../../../mod.ts";

const killed = new URL(import.meta.url).searchParams.get("killed")!;

export const evaluate: Objective = (x) => {
  try {
    Deno.writeTextFileSync(killed, "", { createNew: true });
    Deno.kill(Deno.pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  return x.reduce((sum, value) => sum + value * value, 0);
};
