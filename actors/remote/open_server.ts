/**
 * Opens a NATS server for a run. What talks to it is loaded only then.
 *
 * @module
 */
import type { Split } from "../../datasets/mod.ts";
import { ConfigurationError } from "../../options.ts";
import type { RemoteSlots } from "../population/remote.ts";
import type { RunRecord } from "./messages.ts";
import type { NatsOptions } from "./nats_options.ts";
import type { SharedImages } from "./share_images.ts";

/** What a worker must know of a run, without what all messages begin with. */
export type RunFacts = Omit<RunRecord, "protocol" | "release">;

/** A server by which workers take part. */
export interface RemoteServer extends AsyncDisposable {
  /** The slots of its workers. */
  slots(run: RunFacts): RemoteSlots;
}

/**
 * @param split The images of the run, which may be shared. Default: it has none.
 * @returns Nothing if there is no server to be opened.
 * @throws {ConfigurationError} If it cannot be used.
 */
export async function openServer(
  options: NatsOptions | undefined,
  split?: Split<"train">,
): Promise<RemoteServer | undefined> {
  if (options === undefined) return undefined;
  const { connect } = await import("./connect.ts");
  const { NatsSlots } = await import("./nats_slots.ts");
  await using open = new AsyncDisposableStack();
  const connection = open.use(await connect(options, "mddes search"));
  const shared = open.use(await sharedOf(options, split));
  const images = shared && { images: shared.offer };
  const opened = open.move();
  return {
    slots: (run) => new NatsSlots(connection, { ...run, ...images }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function sharedOf(
  { shareData }: NatsOptions,
  split: Split<"train"> | undefined,
): Promise<SharedImages | undefined> {
  if (shareData === undefined) return undefined;
  if (!split) {
    throw new ConfigurationError((nameOf) =>
      `Option ${nameOf("shareData")} means something only for a search: there are no images`
    );
  }
  const { shareImages } = await import("./share_images.ts");
  return await shareImages(split, shareData);
}
