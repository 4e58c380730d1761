/**
 * What Deno must allow for something to be done: asked for all at once, before any of it is begun.
 *
 * @module
 */
import { quoted } from "./command_text.ts";
import { ConfigurationError } from "./options.ts";

/** Something that Deno must allow. */
export interface Need {
  readonly permission: Deno.PermissionDescriptor;
  /** What the flag is to name, such as a path; empty where it is given without a value. */
  readonly value: string;
  /** What it is for: `the folder of the run`. */
  readonly purpose: string;
}

/** The need to read a file or folder. */
export function reads(path: string, purpose: string): Need {
  return { permission: { name: "read", path }, value: path, purpose };
}

/** The need to write a file or folder. */
export function writes(path: string, purpose: string): Need {
  return { permission: { name: "write", path }, value: path, purpose };
}

/**
 * The needs to write files whole or not at all: each gets its name once it is written, and Deno takes
 * that for reading, too.
 */
export function replaces(folder: string, purpose: string): Need[] {
  return [reads(folder, purpose), writes(folder, purpose)];
}

/** The need to be reached at an address. */
export function listens(host: string, port: number, purpose: string): Need {
  const address = `${host}:${port}`;
  return { permission: { name: "net", host: address }, value: address, purpose };
}

/** Whether something is allowed. What Deno would ask for at a terminal is not. */
export function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

/**
 * Refuse to begin without what is needed.
 *
 * @throws {ConfigurationError} If something is not allowed. Its line names the flags that allow all of
 * that, and what each is for.
 */
export function requirePermissions(needs: readonly Need[]): void {
  const missing = needs.filter(({ permission }) => !isGranted(permission));
  if (missing.length === 0) return;
  const flags = Map.groupBy(missing, ({ permission }) => permission.name);
  const texts = [...flags].map(([name, needs]) => {
    const values = [...new Set(needs.map(({ value }) => value))];
    const purposes = [...new Set(needs.map(({ purpose }) => purpose))];
    const named = values.includes("") ? "" : `=${quoted(values.join(","))}`;
    return `--allow-${name}${named} (${purposes.join(", ")})`;
  });
  const last = texts.pop()!;
  throw new ConfigurationError(
    `Cannot begin without ${texts.length > 0 ? `${texts.join(", ")} and ` : ""}${last}`,
  );
}
