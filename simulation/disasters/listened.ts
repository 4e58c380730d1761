/**
 * A transport on which somebody listens.
 *
 * @module
 */
import type { Envelope, ExitReason, Launch, Message, Transport } from "../../actors/runtime/mod.ts";

/** Told what the system and one life of an actor say to each other, each before it is passed on. */
export interface Listener {
  /** The actor gets a message. */
  readonly onDeliver?: (envelope: Envelope) => void;
  /** It is ready for messages. */
  readonly onReady?: () => void;
  /** It has handled the oldest message that it had. */
  readonly onDone?: () => void;
  /** It sends a message. */
  readonly onSend?: (to: string, message: Message) => void;
  /** The message is in the mailbox of its receiver, or waits for room there. */
  readonly afterSend?: () => void;
  /** It is asked to end. */
  readonly onStop?: () => void;
  /** It is to end now. */
  readonly onKill?: () => void;
  /** It has ended. */
  readonly onExit?: (reason: ExitReason) => void;
}

/**
 * A transport that passes everything on.
 *
 * @param listenTo Gives who listens to an actor that starts, if anybody does.
 */
export function listened(
  transport: Transport,
  listenTo: (launch: Launch) => Listener,
): Transport {
  return {
    sharesMemory: transport.sharesMemory,
    start(launch, uplink) {
      const listener = listenTo(launch);
      const downlink = transport.start(launch, {
        ready() {
          listener.onReady?.();
          uplink.ready();
        },
        done(waiting) {
          listener.onDone?.();
          uplink.done(waiting);
        },
        reply: (request, message) => uplink.reply(request, message),
        unknown: () => uplink.unknown(),
        send(to, message, trace) {
          listener.onSend?.(to, message);
          const sent = uplink.send(to, message, trace);
          listener.afterSend?.();
          return sent;
        },
        request: (...question) => uplink.request(...question),
        heartbeat: () => uplink.heartbeat(),
        log: (level, text, fields) => uplink.log(level, text, fields),
        exited(reason) {
          listener.onExit?.(reason);
          uplink.exited(reason);
        },
      });
      return {
        deliver(envelope) {
          listener.onDeliver?.(envelope);
          downlink.deliver(envelope);
        },
        stop(reason) {
          listener.onStop?.();
          downlink.stop(reason);
        },
        kill(reason) {
          listener.onKill?.();
          downlink.kill(reason);
        },
      };
    },
  };
}
