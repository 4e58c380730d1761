/**
 * Loads a module of the user's on a thread of its own, to see whether it can be loaded at all.
 *
 * @module
 */
import type { Message, Start } from "../runtime/mod.ts";
import { loadFunction, type Wanted } from "./user_module.ts";

/** What is to be loaded. */
export interface ModuleProbeInit {
  /** Its URL. */
  readonly module: string;
  readonly wanted: Wanted;
}

/** Starts if the module exports what is wanted. */
export const start: Start<ModuleProbeInit, Message> = async ({ module, wanted }, { clock }) => {
  await loadFunction(module, wanted, clock);
  return { receive: (message, context) => context.unknown(message as never) };
};
