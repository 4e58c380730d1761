/**
 * A process for a module of the user's.
 *
 * @module
 */
import type { Placement } from "../runtime/mod.ts";

const PERMISSIONS = ["read", "write", "net", "env", "sys", "run", "ffi"] as const;

/**
 * Where a module runs that may end its process: there it may read, to be loaded, and do what this
 * program may do without limits. A permission with limits cannot be passed on: nothing lists them.
 */
export async function ownProcess(): Promise<Placement> {
  const statuses = await Promise.all(PERMISSIONS.map((name) => Deno.permissions.query({ name })));
  const granted = PERMISSIONS.filter((name, index) => {
    const { state, partial } = statuses[index]!;
    return name === "read" || (state === "granted" && !partial);
  });
  return { kind: "process", flags: granted.map((name) => `--allow-${name}`) };
}
