/** Goes wrong in every way an actor can, when told to. */
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import type { Start } from "../../../actors/runtime/mod.ts";

export type In = { readonly type: "Be"; readonly fault: Fault } | { readonly type: "Ping" };
export type Out = { readonly type: "Pong" } | { readonly type: "Pid"; readonly pid: number };
export type Fault =
  | "spinning"
  | "asleep in a native call"
  | "out of memory"
  | "out with code 0"
  | "out with code 3"
  | "throwing"
  | "throwing what cannot be copied"
  | "throwing what cannot be read"
  | "throwing later"
  | "rejecting unheard"
  | "crashing natively";

export const start: Start<undefined, In, Out> = () => ({
  receive(message, context) {
    switch (message.type) {
      case "Ping":
        return context.reply({ type: "Pid", pid: Deno.pid });
      case "Be":
        context.heartbeat();
        return be(message.fault);
      default:
        return context.unknown(message);
    }
  },
});

/** Until when a fault goes on. The thread of a killed worker would keep a core from later tests. */
const enough = () => isMainThread ? Infinity : performance.now() + 15_000;

function be(fault: Fault): void | Promise<void> {
  switch (fault) {
    case "spinning": {
      const end = enough();
      while (performance.now() < end);
      return;
    }
    case "asleep in a native call":
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
      return;
    case "out of memory": {
      const hoard: unknown[] = [];
      const end = enough();
      while (performance.now() < end) hoard.push(new Array(1000).fill({}));
      return;
    }
    case "out with code 0":
      return Deno.exit(0);
    case "out with code 3":
      return Deno.exit(3);
    case "throwing":
      throw new RangeError("thrown");
    case "throwing what cannot be copied":
      throw new RangeError("thrown", { cause: () => 1 });
    case "throwing what cannot be read":
      throw Object.defineProperty(new RangeError(), "message", {
        get() {
          throw new RangeError("thrown by a getter");
        },
      });
    case "throwing later":
      setTimeout(() => {
        throw new RangeError("thrown later");
      });
      return new Promise(() => {});
    case "rejecting unheard":
      void Promise.reject(new RangeError("rejected"));
      return new Promise(() => {});
    case "crashing natively":
      process.abort();
  }
}
