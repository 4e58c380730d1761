/** Says what it is told to past the runtime, as a library in an actor may. */
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import type { Start } from "../../../actors/runtime/mod.ts";

export type In =
  | { readonly type: "Say"; readonly what: Nonsense }
  | { readonly type: "Ping" };
export interface Out {
  readonly type: "Pong";
}

const loop: { type: string; self?: unknown } = { type: "Loop" };
loop.self = loop;

/** What is not an actor's to say, or not in this way. */
const NONSENSE = {
  "a number": 5,
  "nothing": null,
  "the progress of a library": { progress: 0.5 },
  "a batch of nothing known": [["nonsense"]],
  "that it is ready again": [["ready", 1]],
  "more work done than there was": [["done", 1e308]],
  "a reply to what nobody asked": [["reply", 1e6, { type: "Pong" }]],
  "a message without a type": [["send", 1, "test/actor", { value: 1 }]],
  "a message that is a loop": [["send", 1, "test/actor", loop]],
  "a log line without fields": [["log", "info", "hello", null]],
  "a failure without an error": [["failed", "text"]],
} as const;
export type Nonsense = keyof typeof NONSENSE;
export const nonsense = Object.keys(NONSENSE) as Nonsense[];

export const start: Start<undefined, In, Out> = () => ({
  receive(message, context) {
    switch (message.type) {
      case "Ping":
        return context.reply({ type: "Pong" });
      case "Say":
        return say(NONSENSE[message.what]);
      default:
        return context.unknown(message);
    }
  },
});

async function say(nonsense: unknown): Promise<void> {
  if (isMainThread) {
    process.send!(nonsense as never);
  } else {
    const batch = Array.isArray(nonsense) ? new Map([[0, nonsense]]) : nonsense;
    (globalThis as unknown as { postMessage(value: unknown): void }).postMessage(batch);
  }
  await new Promise(() => {});
}
