/** Blocks its thread until a flag is raised, and never yields to the event loop in between. */
import type { Start } from "../../../actors/runtime/mod.ts";

export type In =
  | { readonly type: "Echo"; readonly value: unknown }
  | { readonly type: "Block"; readonly flag: Int32Array; readonly beat: boolean };
export interface Out {
  readonly type: "Value";
  readonly value: unknown;
}

export const start: Start<undefined, In, Out> = () => ({
  receive(message, context) {
    switch (message.type) {
      case "Echo":
        return context.reply({ type: "Value", value: message.value });
      case "Block": {
        if (message.beat) context.heartbeat();
        const raised = Atomics.wait(message.flag, 0, 0, 10_000) !== "timed-out";
        return context.reply({ type: "Value", value: raised });
      }
      default:
        return context.unknown(message);
    }
  },
});
