import { assertEquals } from "@std/assert";

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
