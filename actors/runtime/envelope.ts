/**
 * Messages, the envelopes they travel in, and the addresses they travel to.
 *
 * @module
 */

/** The version of {@linkcode Envelope}, for transports whose ends may have been built apart. */
export const PROTOCOL_VERSION = 1;

/**
 * A message: a readonly plain object with a string `type`.
 *
 * It holds plain data only: primitives, arrays, plain objects, maps, sets, dates, regular
 * expressions, errors, buffers and typed arrays. It is copied where it is sent, wherever the receiver
 * is. A `SharedArrayBuffer` stays shared in memory and with workers; a process cannot get one.
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
  /** {@linkcode PROTOCOL_VERSION}. */
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
