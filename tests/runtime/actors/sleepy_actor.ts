/** Never finishes starting. */
import type { Message, Start } from "../../../actors/runtime/mod.ts";

export const start: Start<undefined, Message> = () => new Promise(() => {});
