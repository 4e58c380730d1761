/**
 * The actor's end, on another thread or in another process than its system.
 *
 * @module
 */

import { RequestError } from "../actor.ts";
import { systemClock } from "../clock.ts";
import type { Message } from "../envelope.ts";
import { ActorHost } from "../host.ts";
import { Scheduler } from "../scheduler.ts";
import type { Uplink } from "./transport.ts";
import { Batch, type FromActor, type RemoteLaunch, type ToActor } from "./wire.ts";

const LONGEST_BURST_MS = 1;

interface Call {
  resolve(message: Message | undefined): void;
  reject(error: Error): void;
}

/**
 * Serves one actor over a channel.
 *
 * @param post Takes messages to the system.
 * @returns What to call with each batch that arrives from there.
 */
export function serveActor(
  post: (batch: readonly FromActor[]) => void,
): (batch: readonly ToActor[]) => void {
  const out = new Batch<FromActor>(post);
  const calls = new Map<number, Call>();
  let host: ActorHost | undefined;

  function start(launch: RemoteLaunch): void {
    host = new ActorHost(
      launch.name,
      uplinkOver(out, calls, launch.heartbeatEveryMs),
      systemClock,
      new Scheduler(systemClock),
    );
    void host.start(async () => (await import(launch.module)).start, launch.init);
  }

  function take(item: ToActor): void {
    switch (item.op) {
      case "start":
        return start(item.launch);
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
  return (batch) => batch.forEach(take);
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
      out.add({ op: "done", count: 1 });
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
      out.flush(); // the computation that follows may block this thread
    },
    log: (level, text, fields) => out.add({ op: "log", level, text, fields }),
    exited(reason) {
      if (reason.kind === "failed") out.add({ op: "failed", error: reason.error });
      else out.add({ op: "exited", kind: reason.kind as "normal" | "shutdown" });
      out.flush();
    },
  };
}
