/**
 * How long things take between a search and its workers.
 *
 * @module
 */

/** Milliseconds. A test that kills things makes them shorter, before it begins. */
export const remoteTimes = {
  /** After so long without a sign of life of its worker, a task is given to another one. */
  ackWait: 30_000,
  /** How often a search looks after its tasks. */
  tick: 1000,
  /** How often a worker says that it is there. */
  announce: 2000,
  /** How long to wait for an answer of the server, before it is asked again. */
  request: 5000,
  /** Between attempts to reach a server that was lost. */
  reconnect: 1000,
};
