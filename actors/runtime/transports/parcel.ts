/**
 * What batches from a worker are packed in.
 *
 * A `Worker` of Deno's `node:worker_threads` walks through the properties of every message that it
 * receives, and so through every element of every typed array: seconds for a few megabytes. It does
 * not look into a `Map`.
 *
 * @module
 */

/** A batch on its way from a worker. */
export type Parcel<T> = ReadonlyMap<0, readonly T[]>;

/** Packs a batch. */
export function pack<T>(batch: readonly T[]): Parcel<T> {
  return new Map([[0, batch]]);
}

/** What is in a parcel; what is not a parcel, as it is. */
export function unpack(received: unknown): unknown {
  return received instanceof Map ? received.get(0) : received;
}
