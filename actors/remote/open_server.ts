/**
 * Opens a NATS server for a run. What talks to it is loaded only then.
 *
 * @module
 */
import type { RemoteSlots } from "../population/remote.ts";
import type { RunRecord } from "./messages.ts";
import type { NatsOptions } from "./nats_options.ts";

/** What a worker must know of a run, without what all messages begin with. */
export type RunFacts = Omit<RunRecord, "protocol" | "release">;

/** A server by which workers take part. */
export interface RemoteServer extends AsyncDisposable {
  /**
   * The slots of its workers.
   *
   * @param tell Told in words what becomes of workers.
   */
  slots(run: RunFacts, tell: (text: string) => void): RemoteSlots;
}

/**
 * @returns Nothing if there is no server to be opened.
 * @throws {ConfigurationError} If it cannot be used.
 */
export async function openServer(
  options: NatsOptions | undefined,
): Promise<RemoteServer | undefined> {
  if (options === undefined) return undefined;
  const { connect } = await import("./connect.ts");
  const { NatsSlots } = await import("./nats_slots.ts");
  const connection = await connect(options, "mddes search");
  return {
    slots: (run, tell) => new NatsSlots(connection, run, tell),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
