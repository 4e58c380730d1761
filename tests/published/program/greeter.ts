import type { Start } from "@mddes/mddes/runtime";
import { squareOf } from "valibot";

export type Ask = { readonly type: "Ask"; readonly x: number };
export type Answer = { readonly type: "Answer"; readonly square: number };

export const start: Start<null, Ask, Answer> = () => ({
  receive: ({ x }, context) => context.reply({ type: "Answer", square: squareOf(x) }),
});
