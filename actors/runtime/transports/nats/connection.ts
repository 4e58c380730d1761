/**
 * What two programs agree on before they speak: the connection that both have, and the subjects.
 *
 * @module
 */

import { PROTOCOL_VERSION } from "../../envelope.ts";

/** A message as `@nats-io/nats-core` gives it. */
export interface NatsMessage {
  /** Its bytes; they are the client's to use again. */
  readonly data: Uint8Array;
  /** Answers it, if it is a request. */
  respond(payload?: Uint8Array): boolean;
}

/**
 * What is used of the connection that `connect` of `@nats-io/transport-node` gives, or of another
 * client's. It stays with who opened it.
 */
export interface NatsConnection {
  /** What the server said of itself. */
  readonly info?: { readonly max_payload: number };
  /** Sends bytes, or drops them without a word. */
  publish(subject: string, payload?: Uint8Array): void;
  /** Receives until `unsubscribe` is called. */
  subscribe(
    subject: string,
    options: {
      readonly queue?: string;
      callback(error: Error | null, message: NatsMessage): void;
    },
  ): { unsubscribe(): void };
  /** Sends bytes and waits for the answer. */
  request(
    subject: string,
    payload: Uint8Array,
    options: { readonly timeout: number },
  ): Promise<NatsMessage>;
  /** Resolves when the server has all that was said to it. */
  flush(): Promise<void>;
  /** Resolves when it is closed for good. */
  closed(): Promise<void | Error>;
}

/** Asks a host for one end of a link. */
export interface LinkRequest {
  /** {@linkcode PROTOCOL_VERSION} of who asks. */
  readonly version: number;
  /** What the link is called. */
  readonly link: string;
  /** See {@linkcode NatsPlacement}. */
  readonly lostAfterMs: number;
}

const SHORTEST_LIMIT_MS = 100;
const LONGEST_LIMIT_MS = 3_600_000;
const LONGEST_REFUSAL = 500;

/** Where a host is asked for links. */
export function hostSubject(host: string): string {
  return `actors.${host}`;
}

/** Where an end of a link receives. */
export function linkSubject(host: string, link: string, end: "host" | "system"): string {
  return `${hostSubject(host)}.${link}.${end}`;
}

/** @throws {RangeError} If a host cannot be called so. */
export function assertHostName(name: string, doing: string): void {
  if (isName(name)) return;
  throw new RangeError(
    `Cannot ${doing}: expected a name of letters, digits, "-" and "_" for the host, received ` +
      JSON.stringify(name),
  );
}

/** @throws {RangeError} If an end cannot be given up after so long a silence. */
export function assertLimit(lostAfterMs: number, doing: string): void {
  if (isLimit(lostAfterMs)) return;
  throw new RangeError(
    `Cannot ${doing}: lostAfterMs must be a number from ${SHORTEST_LIMIT_MS} to ` +
      `${LONGEST_LIMIT_MS}, received ${lostAfterMs}`,
  );
}

/** As bytes that programs of any version can read. */
export function writeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** @throws {TypeError} If it is no request for a link, or from a program of another version. */
export function readLinkRequest(bytes: Uint8Array): LinkRequest {
  const request = readJson(bytes);
  if (request === undefined || typeof request["version"] !== "number") {
    throw new TypeError("expected a request for a link, received something else");
  }
  const { version, link, lostAfterMs } = request as Readonly<Record<keyof LinkRequest, unknown>>;
  if (version !== PROTOCOL_VERSION) {
    throw new TypeError(
      `expected version ${PROTOCOL_VERSION} of the protocol, received ${version}`,
    );
  }
  if (!isName(link) || !isLimit(lostAfterMs)) {
    throw new TypeError("expected a request for a link, received one without its name or limit");
  }
  return { version, link, lostAfterMs };
}

/** A host's answer to a {@linkcode LinkRequest}: whether and why it refuses. */
export interface LinkAnswer {
  readonly version: number;
  readonly refused?: string;
}

/** Why a host gives no link; `undefined` if it gives one. */
export function readRefusal(bytes: Uint8Array): string | undefined {
  const answer = readJson(bytes);
  const refused = answer?.["refused"];
  if (typeof refused === "string") return refused.slice(0, LONGEST_REFUSAL);
  if (answer?.["version"] === PROTOCOL_VERSION) return undefined;
  return "expected the answer of a host, received something else";
}

function readJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isName(value: unknown): value is string {
  return typeof value === "string" && /^[\w-]{1,100}$/.test(value);
}

function isLimit(value: unknown): value is number {
  return typeof value === "number" && value >= SHORTEST_LIMIT_MS && value <= LONGEST_LIMIT_MS;
}
