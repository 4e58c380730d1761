/**
 * Serves the dashboard at an address.
 *
 * @module
 */
import type { Hono } from "hono";
import { ConfigurationError } from "../../options.ts";
import { reasonOf } from "../../actors/record/run_directory.ts";
import type { Access } from "./access.ts";
import type { Dashboard } from "./app.ts";

/**
 * Begin to serve.
 *
 * @param wanted Port 0 is any that is free.
 * @param signal Ends it, and the dashboard with it.
 * @returns The port, and when it has ended.
 * @throws {ConfigurationError} If the address is in use, or is none of this machine.
 */
export async function serve(
  dashboard: Dashboard,
  wanted: Access,
  signal: AbortSignal,
): Promise<{ readonly port: number; readonly finished: Promise<void> }> {
  const { host } = wanted;
  const stop = new AbortController();
  const app = Promise.withResolvers<Hono>();
  let server: Deno.HttpServer<Deno.NetAddr>;
  try {
    server = Deno.serve({
      hostname: host,
      port: wanted.port,
      signal: stop.signal,
      onListen: () => {},
      handler: async (request) => await (await app.promise).fetch(request),
    });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new ConfigurationError(
      `Cannot serve the page on ${host}:${wanted.port}: ${reasonOf(error)}; choose another --port`,
    );
  }
  const { port } = server.addr;
  app.resolve(await dashboard.app({ ...wanted, port }));
  const end = () => {
    dashboard[Symbol.dispose]();
    stop.abort();
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  return { port, finished: server.finished };
}
