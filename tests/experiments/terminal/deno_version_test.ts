import { assertEquals } from "@std/assert";
import { tooOld } from "../../../experiments/terminal/deno_version.ts";

Deno.test("versions are compared as numbers", () => {
  for (const version of ["2.9.0", "2.9.6+abc1234", "2.10.0-rc.1", "3.0.0"]) {
    assertEquals(tooOld(version), undefined, version);
  }
  for (const version of ["1.46.3", "2.0.0", "2.8.3"]) {
    assertEquals(
      tooOld(version),
      `mddes needs Deno 2.9 or later, and this is ${version}; to get a new one: deno upgrade`,
    );
  }
});
