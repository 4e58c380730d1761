import { assert, assertEquals, assertThrows } from "@std/assert";
import { ConfigurationError } from "../options.ts";
import { isGranted, reads, requirePermissions, writes } from "../permissions.ts";

Deno.test({
  name: "all that is missing is named in one line, with the flags that grant it",
  permissions: { read: ["tests"], env: ["HOME"] },
  fn: () => {
    const env = (variable: string) => ({
      permission: { name: "env", variable } as const,
      value: variable,
      purpose: "a variable",
    });
    const needs = [
      reads("tests/actors", "what is there"),
      reads("my runs", "the run"),
      reads("data", "the images"),
      writes("my runs", "the run"),
      env("HOME"),
      env("PATH"),
      { permission: { name: "ffi" } as const, value: "", purpose: "a library" },
    ];
    const error = assertThrows(() => requirePermissions(needs), ConfigurationError);
    assertEquals(
      error.message,
      "Cannot begin without --allow-read='my runs,data' (the run, the images), " +
        "--allow-write='my runs' (the run), --allow-env=PATH (a variable) and --allow-ffi (a library)",
    );
    const only = assertThrows(() => requirePermissions(needs.slice(-1)), ConfigurationError);
    assertEquals(only.message, "Cannot begin without --allow-ffi (a library)");
  },
});

Deno.test({
  name: "what is granted for a folder around is not asked for",
  permissions: { read: ["tests"] },
  fn: () => {
    requirePermissions([reads("tests/actors/none", "a folder")]);
    assert(!isGranted({ name: "read" }));
  },
});
