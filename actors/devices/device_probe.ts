/**
 * Finds out whether a device can train, by making an engine on it.
 *
 * @module
 */
import { discriminator, optimizerByName } from "../../models/mod.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import type { Message, Start } from "../runtime/mod.ts";
import { engineOn } from "../../training/engine_on.ts";

/** What a probe starts from. */
export interface ProbeInit extends EngineWish {
  readonly device: string;
}

/** Starts if the device can train, and fails with the reason if not. */
export const start: Start<ProbeInit, Message> = async (init) => {
  await using _ = await engineOn(init, {
    network: discriminator([1, 8, 8]),
    optimizer: optimizerByName("adam").optimizer,
    batchSize: 1,
  });
  return { receive: () => {} };
};
