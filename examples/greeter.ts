/**
 * An actor of one's own, placed by one word: memory, worker or process.
 *
 *     deno run -A examples/greeter.ts worker
 *
 * @module
 */
import { createActorSystem, type Start } from "../actors/runtime/mod.ts";

type Greet = { readonly type: "Greet"; readonly name: string };
type Greeting = { readonly type: "Greeting"; readonly text: string };

/** Greets whoever asks for it. */
export const start: Start<string, Greet, Greeting> = (word) => ({
  receive: ({ name }, context) => context.reply({ type: "Greeting", text: `${word}, ${name}!` }),
});

async function main(): Promise<void> {
  const kind = (Deno.args[0] ?? "worker") as "memory" | "worker" | "process";
  await using system = createActorSystem();
  const door = await system.supervise({
    name: "door",
    children: [
      { id: "greeter", start: new URL(import.meta.url), init: "Hello", placement: { kind } },
    ],
  });
  const greeter = door.ref<Greet, Greeting>("greeter");
  const greeting = await system.request(
    greeter,
    { type: "Greet", name: "Ada" },
    { timeoutMs: 5000 },
  );
  console.log(greeting.text);
}

if (import.meta.main) void main();
