/**
 * What a system tells those who watch it.
 *
 * @module
 */

import type { LogLevel } from "./actor.ts";
import type { Envelope } from "./envelope.ts";

/** Why the runtime killed an actor. */
export type KillCause = "kill" | "hung" | "start-timeout" | "shutdown-timeout";

/** How an actor ended. */
export type ExitReason =
  /** It ended itself with `context.stop()`. */
  | { readonly kind: "normal" }
  /** It was asked to stop, and did. */
  | { readonly kind: "shutdown" }
  /** `start`, `receive` or `stop` threw, or its worker had an uncaught error. */
  | { readonly kind: "failed"; readonly error: Error }
  /** Its worker or process ended by itself, whatever the exit code. */
  | { readonly kind: "exited"; readonly code: number | null; readonly signal: string | null }
  /** It was killed. */
  | { readonly kind: "killed"; readonly cause: KillCause };

/** An {@linkcode ExitReason} in words, as logs and errors show it. */
export function describeExit(reason: ExitReason): string {
  switch (reason.kind) {
    case "normal":
      return "it stopped itself";
    case "shutdown":
      return "it was asked to stop";
    case "failed":
      return `it failed: ${reason.error.message}`;
    case "exited":
      return reason.signal === null
        ? `it exited with code ${reason.code}`
        : `it was ended by ${reason.signal}`;
    case "killed":
      return `it was killed (${reason.cause})`;
  }
}

/** One thing that happened; `at` is in milliseconds of the system's clock. */
export type SystemEvent = { readonly at: number } & EventBody;

/** A {@linkcode SystemEvent} without its time. */
export type EventBody =
  /** An actor is ready for messages. `incarnation` is 1 at first and grows with each restart. */
  | { readonly type: "started"; readonly actor: string; readonly incarnation: number }
  /** An actor ended; `lost` of the messages it had taken were not finished (dead letters follow). */
  | {
    readonly type: "exited";
    readonly actor: string;
    readonly incarnation: number;
    readonly reason: ExitReason;
    readonly lost: number;
  }
  /** Its supervisor starts it again in `delayMs`; `started` follows. */
  | { readonly type: "restarting"; readonly actor: string; readonly delayMs: number }
  /** A supervisor gave up, and has stopped all its children. */
  | {
    readonly type: "escalated";
    readonly supervisor: string;
    readonly actor: string;
    readonly reason: ExitReason;
  }
  /** A message that will not be handled, or a reply that nobody waits for. */
  | { readonly type: "dead-letter"; readonly envelope: Envelope; readonly why: string }
  /** A message of a type that its receiver does not know. */
  | { readonly type: "unknown-message"; readonly actor: string; readonly envelope: Envelope }
  /** A busy actor says that it is alive. */
  | { readonly type: "heartbeat"; readonly actor: string }
  /** A line an actor logged. */
  | {
    readonly type: "log";
    readonly actor: string;
    readonly level: LogLevel;
    readonly text: string;
    readonly fields: Readonly<Record<string, unknown>>;
  };

/** Is called at once, in the order of the events; must not throw. */
export type EventListener = (event: SystemEvent) => void;
