/**
 * The greeter on another host, which a NATS server connects with this one. There:
 *
 *     deno run -A examples/elsewhere.ts serve nats://10.0.0.1
 *
 * and here, where it says `Hello, Ada!`:
 *
 *     deno run -A examples/elsewhere.ts greet nats://10.0.0.1
 *
 * @module
 */
import { connect } from "@nats-io/transport-node";
import { createActorSystem, serveActors } from "../actors/runtime/mod.ts";

const GREETER = new URL("./greeter.ts", import.meta.url);

async function serve(servers: string): Promise<void> {
  const connection = await connect({ servers, maxReconnectAttempts: -1 });
  await using host = await serveActors({ connection, name: "desk", modules: [GREETER] });
  console.log("Greeting");
  await host.ended;
}

async function greet(servers: string): Promise<void> {
  const connection = await connect({ servers, maxReconnectAttempts: -1 });
  const system = createActorSystem();
  const door = await system.supervise({
    name: "door",
    children: [{
      id: "greeter",
      start: GREETER,
      init: "Hello",
      placement: { kind: "nats", connection, host: "desk" },
    }],
  });
  const greeter = door.ref<{ type: "Greet"; name: string }, { type: "Greeting"; text: string }>(
    "greeter",
  );
  const ada = { type: "Greet", name: "Ada" } as const;
  console.log((await system.request(greeter, ada, { timeoutMs: 5000 })).text);
  await system.stop();
  await connection.close();
}

if (import.meta.main) {
  const [role, servers = "nats://127.0.0.1"] = Deno.args;
  await (role === "serve" ? serve(servers) : greet(servers));
}
