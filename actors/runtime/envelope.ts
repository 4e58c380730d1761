/**
 * Messages, the envelopes they travel in, and the addresses they travel to.
 *
 * @module
 */

/** The version every envelope carries; a host refuses envelopes of another version. */
export const PROTOCOL_VERSION = 1;

/**
 * A message: a readonly plain object with a string `type`.
 *
 * It is handed over as it is in memory and copied by structured clone to a worker or a process, so
 * it may hold typed arrays, maps, dates and errors, and a `SharedArrayBuffer` when it stays in this
 * process. It may not hold functions.
 */
export interface Message {
  /** What kind of message this is: the tag of the receiver's union. */
  readonly type: string;
}

/**
 * The address of an actor: its name, and (for the type checker only) what it accepts and replies.
 *
 * It is plain data. It stays valid when the actor is restarted, and may itself travel in messages.
 */
export interface ActorRef<In extends Message = never, Out extends Message = Message> {
  /** `SUPERVISOR/CHILD`, unique in the system. */
  readonly name: string;
  /** Never set: it only carries the two types. */
  readonly accepts?: (message: In) => Out;
}

/**
 * The address of the actor called `name`, whether or not it exists yet.
 *
 * @param name `SUPERVISOR/CHILD`.
 */
export function actorRef<In extends Message, Out extends Message = Message>(
  name: string,
): ActorRef<In, Out> {
  return { name };
}

/** A message on its way, with all that routing needs to know. */
export interface Envelope {
  /** {@linkcode PROTOCOL_VERSION} of the sender. */
  readonly version: number;
  /** Unique in the system that routed it. */
  readonly id: number;
  /** The name of the sender, `system` for the embedding program. */
  readonly from: string;
  /** The name of the receiver. */
  readonly to: string;
  /** Who waits for a reply; absent if nobody does. */
  readonly replyTo?: string;
  /** Trace context as a W3C `traceparent`, if the sender has one. */
  readonly trace?: string;
  /** The message itself. */
  readonly message: Message;
}
