/** A NATS server for a test file, where there is one to start, and hosts of actors on it. */
import { connect } from "@nats-io/transport-node";
import {
  type NatsConnection,
  type NatsPlacement,
  type ProcessPlacement,
  serveActors,
  type WorkerPlacement,
} from "../../actors/runtime/mod.ts";

export interface NatsServer {
  readonly url: string;
  /** Begins again, at the same port, after {@linkcode stop}. */
  start(): Promise<void>;
  /** Kills it. */
  stop(): Promise<void>;
}

const PROGRAM = ["/usr/sbin", "/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"]
  .map((folder) => `${folder}/nats-server`)
  .find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });

/**
 * Starts a server; `undefined`, after a line that says so, where none is installed.
 *
 * @param config In the server's own language.
 */
export async function startNatsServer(config = ""): Promise<NatsServer | undefined> {
  if (PROGRAM === undefined) {
    console.warn("no nats-server: the tests of actors on other hosts are left out");
    return undefined;
  }
  const port = freePort();
  let server: Deno.ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const file = await Deno.makeTempFile({ suffix: ".conf" });
    await Deno.writeTextFile(file, config);
    server = new Deno.Command(PROGRAM, {
      args: ["--addr", "127.0.0.1", "--port", `${port}`, "--config", file],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let isUp = true;
    void server.status.then(() => isUp = false);
    while (isUp && !await isListening(port)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Deno.remove(file);
    if (!isUp) throw new Error(`${PROGRAM} has ended; it was to listen at port ${port}`);
  };
  const stop = async (): Promise<void> => {
    server?.kill("SIGKILL");
    await server?.status;
  };
  await start();
  return { url: `nats://127.0.0.1:${port}`, start, stop };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function isListening(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}

/**
 * A connection that is closed at the end of the scope.
 *
 * @param user Whose password is the same.
 */
export async function openConnection(
  { url }: NatsServer,
  user?: string,
): Promise<AsyncDisposable & { readonly connection: NatsConnection }> {
  const connection = await connect({
    servers: url,
    ...(user && { user, pass: user }),
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
  });
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}

/** A host in this program, and how to place actors there. */
export async function openHost(
  server: NatsServer,
  { modules, placement }: {
    /** From the folder of the actors on. */
    readonly modules: readonly string[];
    readonly placement?: ProcessPlacement | WorkerPlacement;
  },
): Promise<AsyncDisposable & { readonly placement: NatsPlacement }> {
  await using stack = new AsyncDisposableStack();
  const { connection } = stack.use(await openConnection(server));
  const { connection: hosts } = stack.use(await openConnection(server));
  stack.use(
    await serveActors({
      connection: hosts,
      name: "host",
      modules: modules.map((path) => new URL(`./actors/${path}`, import.meta.url)),
      ...(placement && { placement }),
    }),
  );
  const opened = stack.move();
  return {
    placement: { kind: "nats", connection, host: "host" },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
