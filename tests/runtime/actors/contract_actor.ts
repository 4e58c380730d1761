/** Does what it is told, wherever it runs: the actor of the transports' contract tests. */
import { type ActorRef, sleep, type Start } from "../../../actors/runtime/mod.ts";

export type In =
  | { readonly type: "Echo"; readonly value: unknown }
  | { readonly type: "Note"; readonly value: number }
  | { readonly type: "GetNotes" }
  | { readonly type: "GetInit" }
  | { readonly type: "GetTrace" }
  | { readonly type: "Throw"; readonly text: string }
  | { readonly type: "StayMute" }
  | { readonly type: "ReplyTwice" }
  | { readonly type: "ReplyFunction" }
  | { readonly type: "ShareMemory" }
  | { readonly type: "SendFunction" }
  | { readonly type: "EndYourself" }
  | { readonly type: "Send"; readonly to: ActorRef<In>; readonly message: In }
  | { readonly type: "Ask"; readonly to: ActorRef<In, Out>; readonly message: In }
  | { readonly type: "Burst"; readonly to: ActorRef<In>; readonly count: number }
  | { readonly type: "EchoLater"; readonly ms: number }
  | { readonly type: "BeatOften"; readonly times: number }
  | { readonly type: "WaitForStop" }
  | { readonly type: "Work"; readonly ms: number; readonly beats: boolean }
  | { readonly type: "Log" };

export type Out = { readonly type: "Value"; readonly value: unknown };

export interface Init {
  readonly failToStart?: boolean;
  /** How long a note takes. */
  readonly slowMs?: number;
  /** Who gets a note with the number of notes when this actor stops. */
  readonly heir?: ActorRef<In>;
  readonly extra?: unknown;
}

export const start: Start<Init | undefined, In, Out> = (init, own) => {
  const { clock, signal } = own;
  if (init?.failToStart) throw new RangeError("told to fail");
  const notes: number[] = [];
  let handling = false;
  return {
    async receive(message, context) {
      if (handling) throw new Error("two messages at a time");
      handling = true;
      try {
        const value = await react(message);
        if (value !== undefined) context.reply({ type: "Value", value });
      } finally {
        handling = false;
      }

      async function react(message: In): Promise<unknown> {
        switch (message.type) {
          case "Echo":
            return message.value;
          case "Note":
            if (init?.slowMs !== undefined) await sleep(clock, init.slowMs);
            notes.push(message.value);
            return;
          case "GetNotes":
            return notes;
          case "GetInit":
            return init;
          case "GetTrace":
            return context.trace;
          case "Throw":
            throw new RangeError(message.text);
          case "StayMute":
            return;
          case "ReplyTwice":
            context.reply({ type: "Value", value: 1 });
            return 2;
          case "ReplyFunction":
            return () => 1;
          case "ShareMemory":
            return new SharedArrayBuffer(8);
          case "SendFunction":
            return await context.send(context.self, { type: "Echo", value: () => 1 });
          case "EndYourself":
            return context.stop();
          case "Send":
            return await context.send(message.to, message.message);
          case "Ask":
            return (await context.request(message.to, message.message, { timeoutMs: 5000 })).value;
          case "Burst":
            for (let i = 0; i < message.count; i++) {
              await context.send(message.to, { type: "Note", value: i });
            }
            return;
          case "EchoLater":
            context.sendLater(message.ms, { type: "Note", value: message.ms });
            return;
          case "BeatOften":
            for (let i = 0; i < message.times; i++) context.heartbeat();
            return "done";
          case "WaitForStop":
            await sleep(clock, 1e9, signal);
            notes.push(-1);
            return;
          case "Work":
            for (let spent = 0; spent < message.ms && !signal.aborted; spent += 50) {
              await sleep(clock, 50, signal);
              if (message.beats) context.heartbeat();
            }
            return "done";
          case "Log":
            context.log("info", "hello", { answer: 42 });
            return;
          default:
            return context.unknown(message);
        }
      }
    },
    async stop() {
      if (init?.heir) await own.send(init.heir, { type: "Note", value: notes.length });
    },
  };
};
