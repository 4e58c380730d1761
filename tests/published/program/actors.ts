/** An actor of this program's own, wherever it may run. */
import { createActorSystem } from "@mddes/mddes/runtime";
import type { Answer, Ask } from "./greeter.ts";

await using system = createActorSystem();
for (const kind of ["memory", "worker", "process"] as const) {
  const supervisor = await system.supervise({
    name: kind,
    children: [{
      id: "greeter",
      start: new URL("./greeter.ts", import.meta.url),
      init: null,
      placement: { kind },
    }],
  });
  const greeter = supervisor.ref<Ask, Answer>("greeter");
  const { square } = await system.request(greeter, { type: "Ask", x: 3 }, { timeoutMs: 20_000 });
  console.log(kind, square);
}
