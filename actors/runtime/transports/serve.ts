/**
 * The actor's end, on another thread or in another process than its system, or its host.
 *
 * @module
 */

import { RequestError } from "../actor.ts";
import { systemClock } from "../clock.ts";
import { type Message, PROTOCOL_VERSION } from "../envelope.ts";
import { ActorHost, type ActorModule } from "../host.ts";
import { copyError } from "../plain_data.ts";
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

const FLOOD = 4;
const LONGEST_BURST_MS = 1;

/**
 * Waits for the order to start an actor, and serves it.
 *
 * @param post Takes messages to the system.
 * @param load Gives the actor's module.
 * @param sharesMemory As the transport says.
 */
export function serveActor(
  post: (batch: readonly FromActor[]) => void,
  load: (module: string) => Promise<ActorModule>,
  sharesMemory: boolean,
): ActorServer {
  const out = new Batch<FromActor>((batch) => {
    try {
      post(batch);
    } catch (error) {
      host?.fail(error); // too large, for example
    }
  });
  const calls = new Map<number, Call>();
  let host: ActorHost | undefined;
  let to = "";

  function receive(item: ToActor): void {
    switch (item[0]) {
      case "start": {
        const [, name, module, init, heartbeatEveryMs] = item;
        const scheduler = new Scheduler(systemClock);
        host = new ActorHost(
          { name, heartbeatEveryMs, clock: systemClock, scheduler, sharesMemory },
          uplinkOver(out, calls),
        );
        to = name;
        void host.start(() => load(module), init);
        return;
      }
      case "deliver": {
        const [, id, from, message, asks, trace] = item;
        return host!.deliver({
          version: PROTOCOL_VERSION,
          id,
          from,
          to,
          ...(asks && { replyTo: from }),
          ...(trace !== undefined && { trace }),
          message,
        });
      }
      case "stop":
        return host!.stop(item[1]);
      case "accepted":
        return settle(item[1])?.resolve(undefined);
      case "replied":
        return settle(item[1])?.resolve(item[2]);
      case "refused":
        return settle(item[1])?.reject(new RequestError(item[2], item[3]));
      case "barred":
        return settle(item[1])?.reject(new TypeError(item[2]));
      default:
        item satisfies never;
    }
  }

  function settle(id: number): Call | undefined {
    const call = calls.get(id);
    calls.delete(id);
    return call;
  }

  return {
    receive: (batch) => batch.forEach(receive),
    fail: (error) => host?.fail(error),
  };
}

function uplinkOver(out: Batch<FromActor>, calls: Map<number, Call>): Uplink {
  let lastCall = 0;
  const call = (item: (call: number) => FromActor) =>
    new Promise<Message | undefined>((resolve, reject) => {
      const id = ++lastCall;
      calls.set(id, { resolve, reject });
      out.add(item(id));
    });

  return {
    ready: () => out.add(["ready", PROTOCOL_VERSION]),
    done(waiting) {
      const { last } = out;
      if (last?.[0] === "done") last[1]++;
      else out.add(["done", 1]);
      // The next message may keep this thread busy for long; those of a flood do not.
      out.flush(waiting < FLOOD ? 0 : LONGEST_BURST_MS);
    },
    reply: (request, message) => out.add(["reply", request, message]),
    unknown: () => out.add(["unknown"]),
    send: (to, message, trace) => call((id) => ["send", id, to, message, trace]) as Promise<never>,
    request: (to, message, timeoutMs, trace) =>
      call((id) => ["request", id, to, message, timeoutMs, trace]) as Promise<Message>,
    heartbeat() {
      out.add(["heartbeat"]);
      out.flush(); // so may the computation that follows
    },
    log: (level, text, fields) => out.add(["log", level, text, fields]),
    exited(reason) {
      if (reason.kind === "failed") out.add(["failed", copyError(reason.error)]);
      else out.add(["exited", reason.kind as "normal" | "shutdown"]);
      out.flush();
    },
  };
}
