/**
 * A connection to a NATS server with JetStream.
 *
 * @module
 */
import {
  jetstream,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
} from "@nats-io/jetstream";
import {
  type Authenticator,
  connect as connectTo,
  type NatsConnection,
  nkeyAuthenticator,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "@nats-io/transport-node";
import { ConfigurationError } from "../../options.ts";
import { hostsOf, type NatsOptions } from "./nats_options.ts";
import { pause } from "./streams.ts";
import { remoteTimes } from "./times.ts";

/** A server that is there, and stays so: a connection that is cut is made again. */
export interface Connection extends AsyncDisposable {
  readonly nats: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** The servers' addresses, as they were given. */
  readonly servers: readonly string[];
  /** The servers, for messages. */
  readonly where: string;
  /** Rejects if the connection is refused for good; never resolves. */
  readonly refused: Promise<never>;
}

/** Below it lacks what a queue needs here: one message for each subject, and the next one by subject. */
const OLDEST = [2, 9];

/**
 * Connect to a server.
 *
 * @param name What the server calls this client.
 * @throws {ConfigurationError} If it is not there, does not let in, or lacks JetStream. One line, with no
 * secret in it.
 */
export async function connect(options: NatsOptions, name: string): Promise<Connection> {
  const where = hostsOf(options).join(", ");
  const refuse = (why: string) =>
    new ConfigurationError(`Cannot use the NATS server at ${where}: ${why}`);
  const authenticator = authenticatorsOf(options, refuse);
  const tls = tlsOf(options, refuse);
  let nats: NatsConnection;
  const breaks = new Breaks();
  try {
    nats = await connectTo({
      servers: [options.servers].flat(),
      name,
      maxReconnectAttempts: -1,
      reconnectTimeWait: remoteTimes.reconnect,
      timeout: remoteTimes.request,
      pingInterval: 10_000,
      ...(authenticator.length > 0 && { authenticator }),
      ...(tls && { tls }),
    });
  } catch (error) {
    await pause(BREAK_MS, new AbortController().signal);
    breaks[Symbol.dispose]();
    const isSilent = tls && error instanceof Error && error.message === "timeout";
    throw refuse(isSilent ? NOT_TAKEN : reasonOf(error));
  }
  try {
    const [major = 0, minor = 0] = (nats.info?.version ?? "").split(".").map(Number);
    if (major < OLDEST[0]! || (major === OLDEST[0] && minor < OLDEST[1]!)) {
      throw new Error(`it is version ${nats.info?.version}; expected 2.9 or later`);
    }
    const jsm = await jetstreamManager(nats, { timeout: remoteTimes.request }).catch(() => {
      throw new Error("it has no JetStream; start it with `nats-server --jetstream`");
    });
    const refused = nats.closed().then((error) => {
      throw refuse(error ? reasonOf(error) : "the connection was closed");
    });
    refused.catch(() => {});
    return {
      nats,
      js: jetstream(nats, { timeout: remoteTimes.request }),
      jsm,
      servers: [options.servers].flat(),
      where,
      refused,
      [Symbol.asyncDispose]: async () => {
        await nats.close();
        breaks[Symbol.dispose]();
      },
    };
  } catch (error) {
    await nats.close();
    breaks[Symbol.dispose]();
    throw refuse((error as Error).message);
  }
}

const NOT_TAKEN =
  "it broke off, as it does when it does not take this host's certificate, or has none";

/** So long a server may take to break off a connection that it has refused. */
const BREAK_MS = 50;

/**
 * Hears that a server breaks off: its encryption, as it does for a certificate that it does not take, or
 * the connection, as it may after it has refused to let in. It may come when nothing of the client listens
 * (nats.js 3.4.0), so that it would end the process; the client knows by other ways, in time.
 */
class Breaks implements Disposable {
  constructor() {
    globalThis.addEventListener("error", this.#onError);
  }

  [Symbol.dispose](): void {
    globalThis.removeEventListener("error", this.#onError);
  }

  readonly #onError = (event: ErrorEvent): void => {
    if (/received fatal alert|^read ECONNRESET$/.test(`${event.error?.message}`)) {
      event.preventDefault();
    }
  };
}

function authenticatorsOf(
  { token, user, password, nkey }: NatsOptions,
  refuse: (why: string) => ConfigurationError,
): Authenticator[] {
  const authenticators: Authenticator[] = [];
  if (token !== undefined) authenticators.push(tokenAuthenticator(token));
  if (user !== undefined) authenticators.push(usernamePasswordAuthenticator(user, password));
  else if (password !== undefined) throw refuse("there is a password, and no user");
  if (nkey !== undefined) {
    const seed = readFile(nkey, refuse).match(/^\s*(S[A-Z2-7]{57})\s*$/m)?.[1];
    if (seed === undefined) throw refuse(`${nkey} holds no seed of an nkey`);
    try {
      const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
      authenticator("");
      authenticators.push(authenticator);
    } catch {
      throw refuse(`${nkey} holds no seed of an nkey`);
    }
  }
  return authenticators;
}

/** With it a server that offers no TLS is refused, before anything that lets in is sent. */
function tlsOf(
  { servers, ca, cert, key }: NatsOptions,
  refuse: (why: string) => ConfigurationError,
): { ca?: string; cert?: string; key?: string; host: string } | undefined {
  if ((cert === undefined) !== (key === undefined)) {
    throw refuse("a certificate and its key need each other");
  }
  const isAsked = [servers].flat().some((server) => server.startsWith("tls:"));
  if (!isAsked && ca === undefined && cert === undefined) return undefined;
  return {
    // Of a server that is called by its number, the client does not say which one it expects.
    host: hostsOf({ servers })[0]!.replace(/:\d+$/, ""),
    ...(ca !== undefined && { ca: readFile(ca, refuse) }),
    ...(cert !== undefined && { cert: readFile(cert, refuse), key: readFile(key!, refuse) }),
  };
}

function readFile(path: string, refuse: (why: string) => ConfigurationError): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw refuse(`it cannot be asked with ${path}: ${(error as Error).message.split(" (os")[0]}`);
  }
}

/** What went wrong, in one line. */
function reasonOf(error: unknown): string {
  const { message } = error instanceof Error ? error : new Error(`${error}`);
  const [line = ""] = message.split("\n");
  if (/authorization violation|authentication/i.test(line)) {
    return "it does not let in with what it was given";
  }
  if (/received fatal alert/.test(line)) return NOT_TAKEN;
  if (/connection refused/i.test(line)) {
    return "nothing listens there; to start one, on that host: nats-server --jetstream";
  }
  return line === "" ? "the connection was cut" : line;
}
