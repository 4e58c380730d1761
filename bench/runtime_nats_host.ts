/** A host for runtime_actor.ts: `runtime_nats_host.ts URL`. */
import { connect } from "@nats-io/transport-node";
import { serveActors } from "../actors/runtime/mod.ts";

const connection = await connect({ servers: Deno.args[0]! });
const modules = [new URL("./runtime_actor.ts", import.meta.url)];
const host = await serveActors({ connection, name: "bench", modules });
console.log("ready");
await host.ended;
