/** A host as a program of its own, that can be killed: `nats_host_program.ts URL NAME`. */
import { connect } from "@nats-io/transport-node";
import { serveActors } from "../../actors/runtime/mod.ts";

const [servers, name] = Deno.args;
const connection = await connect({ servers: servers! });
const modules = [new URL("./actors/faulty_actor.ts", import.meta.url)];
const host = await serveActors({ connection, name: name!, modules });
console.log("ready");
await host.ended;
