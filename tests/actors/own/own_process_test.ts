import { assertEquals } from "@std/assert";
import { ownProcess } from "../../../actors/own/own_process.ts";

Deno.test({
  name: "a process gets the permissions that have no limits, and may read",
  permissions: { run: true, env: true, net: ["127.0.0.1"], write: false, sys: true },
  fn: async () => {
    const flags = ["--allow-read", "--allow-env", "--allow-sys", "--allow-run"];
    assertEquals(await ownProcess(), { kind: "process", flags });
  },
});
