/**
 * The workers' slots of a run that is recorded in a folder.
 *
 * @module
 */
import { ConfigurationError } from "../../options.ts";
import type { RemoteSlots } from "../population/remote.ts";
import type { RemoteServer, RunFacts } from "./open_server.ts";

/**
 * @param server Nothing if there is none: then there are no such slots.
 * @throws {ConfigurationError} If the run has no name by which workers could call it.
 */
export function slotsOf(
  server: RemoteServer | undefined,
  facts: Omit<RunFacts, "run" | "folder">,
  folder: { readonly id: string | undefined; readonly path: string },
): RemoteSlots | undefined {
  if (!server) return undefined;
  if (folder.id === undefined) {
    throw new ConfigurationError(
      `Cannot have workers on other hosts take part in ${folder.path}: mddes 0.1.0, which began it, ` +
        `gave runs no names`,
    );
  }
  return server.slots({ ...facts, run: folder.id, folder: folder.path.slice(0, 2000) });
}
