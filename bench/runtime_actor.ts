/** The actor of the runtime's benchmark: adds up what it is told. */
import type { Start } from "../actors/runtime/mod.ts";

export type In =
  | { readonly type: "Tell"; readonly value: number }
  | { readonly type: "Ask"; readonly value: number };
export type Out = { readonly type: "Total"; readonly total: number };

export const start: Start<undefined, In, Out> = () => {
  let total = 0;
  return {
    receive(message, context) {
      if (message.type === "Tell") total += message.value;
      else context.reply({ type: "Total", total });
    },
  };
};
