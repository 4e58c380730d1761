import { assertEquals } from "@std/assert";
import { percent } from "../../../report/numbers.ts";

Deno.test("a share has one decimal, and no sign where it rounds to nothing", () => {
  assertEquals([0.5904, -0.0004, -0.0005, 0].map(percent), ["59.0", "0.0", "-0.1", "0.0"]);
});
