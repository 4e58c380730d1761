/**
 * The actor's end, on another thread or in another process than its system.
 *
 * @module
 */

import { type AnyStart, RequestError } from "../actor.ts";
import { systemClock } from "../clock.ts";
import type { Message } from "../envelope.ts";
import { ActorHost } from "../host.ts";
import { Scheduler } from "../scheduler.ts";
import type { Uplink } from "./transport.ts";
import { Batch, type FromActor, type ToActor } from "./wire.ts";

/** Serves one actor over a channel. */
export interface ActorServer {
  /** Takes what the system has sent. */
  receive(batch: readonly ToActor[]): void;
  /** Ends the actor because of an error that no `receive` threw. */
  fail(error: unknown): void;
}

interface Call {
  resolve(message: Message | undefined): void;
  reject(error: Error): void;
}

const LONGEST_BURST_MS = 1;

/**
 * Waits for the order to start an actor, and serves it.
 *
 * @param post Takes messages to the system.
 * @param load Gives the actor's module.
 */
export function serveActor(
  post: (batch: readonly FromActor[]) => void,
  load: (module: string) => Promise<{ start: AnyStart }>,
): ActorServer {
  const out = new Batch<FromActor>(post);
  const calls = new Map<number, Call>();
  let host: ActorHost | undefined;

  function receive(item: ToActor): void {
    switch (item.op) {
      case "start": {
        const uplink = uplinkOver(out, calls, item.heartbeatEveryMs);
        host = new ActorHost(item.name, uplink, systemClock, new Scheduler(systemClock));
        void host.start(async () => (await load(item.module)).start, item.init);
        return;
      }
      case "deliver":
        return host!.deliver(item.envelope);
      case "stop":
        return host!.stop(item.why);
      case "accepted":
      case "replied":
      case "refused": {
        const call = calls.get(item.call);
        calls.delete(item.call);
        if (item.op === "refused") call?.reject(new RequestError(item.failure, item.why));
        else call?.resolve(item.op === "replied" ? item.message : undefined);
        return;
      }
      default:
        item satisfies never;
    }
  }
  return {
    receive: (batch) => batch.forEach(receive),
    fail: (error) => host?.fail(error),
  };
}

function uplinkOver(
  out: Batch<FromActor>,
  calls: Map<number, Call>,
  heartbeatEveryMs: number,
): Uplink {
  let lastCall = 0;
  let lastBeat = -Infinity;
  const call = (item: (call: number) => FromActor) =>
    new Promise<Message | undefined>((resolve, reject) => {
      const id = ++lastCall;
      calls.set(id, { resolve, reject });
      out.add(item(id));
    });

  return {
    ready: () => out.add({ op: "ready" }),
    done() {
      out.add({ op: "done" });
      out.flush(LONGEST_BURST_MS); // the next message may keep this thread busy for long
    },
    reply: (request, message) => out.add({ op: "reply", request, message }),
    unknown: () => out.add({ op: "unknown" }),
    send: (to, message, trace) =>
      call((call) => ({ op: "send", call, to, message, trace })) as Promise<never>,
    request: (to, message, timeoutMs, trace) =>
      call((call) => ({ op: "request", call, to, message, timeoutMs, trace })) as Promise<Message>,
    heartbeat() {
      const now = systemClock.now();
      if (now - lastBeat < heartbeatEveryMs) return;
      lastBeat = now;
      out.add({ op: "heartbeat" });
      out.flush(); // so may the computation that follows
    },
    log: (level, text, fields) => out.add({ op: "log", level, text, fields }),
    exited(reason) {
      if (reason.kind === "failed") out.add({ op: "failed", error: reason.error });
      else out.add({ op: "exited", kind: reason.kind as "normal" | "shutdown" });
      out.flush();
    },
  };
}
