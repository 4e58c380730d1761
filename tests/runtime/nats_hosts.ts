/** Connections to a NATS server, and hosts of actors on it. */
import { connect } from "@nats-io/transport-node";
import {
  type NatsConnection,
  type NatsPlacement,
  type ProcessPlacement,
  serveActors,
  type WorkerPlacement,
} from "../../actors/runtime/mod.ts";
import type { NatsServer } from "../nats_server.ts";

/**
 * A connection that is closed at the end of the scope.
 *
 * @param user Whose password is the same.
 */
export async function openConnection(
  { url }: Pick<NatsServer, "url">,
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
  server: Pick<NatsServer, "url">,
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
