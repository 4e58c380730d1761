import { assertEquals } from "@std/assert";
import { hasServer, NatsServer } from "../nats_server.ts";

const ELSEWHERE = new URL("../../examples/elsewhere.ts", import.meta.url).pathname;
const GREETER = new URL("../../examples/greeter.ts", import.meta.url).pathname;

for (
  const [kind, permissions] of [
    ["memory", ["--allow-read"]],
    ["worker", ["--allow-read"]],
    ["process", ["--allow-run", "--allow-env"]],
  ] as const
) {
  Deno.test(`the greeter greets from ${kind} with no more than ${permissions.join(" ")}`, async () => {
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--no-prompt", ...permissions, GREETER, kind],
    }).output();
    assertEquals([new TextDecoder().decode(stdout), code], ["Hello, Ada!\n", 0]);
  });
}

const server = hasServer ? await NatsServer.start() : undefined;
Deno.test.afterAll(() => server?.[Symbol.asyncDispose]());

Deno.test("the greeter greets from another host", { ignore: server === undefined }, async () => {
  const run = (role: string, ...permissions: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--no-prompt", ...permissions, ELSEWHERE, role, server!.url],
      stdin: "null",
      stdout: "piped",
    });
  const host = run("serve", "--allow-net", "--allow-run", "--allow-env").spawn();
  const lines = host.stdout.getReader();
  await lines.read();
  await lines.cancel();
  const { stdout, code } = await run("greet", "--allow-net").output();
  assertEquals([new TextDecoder().decode(stdout), code], ["Hello, Ada!\n", 0]);
  host.kill("SIGKILL");
  await host.status;
});
