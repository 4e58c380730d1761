import { assertEquals } from "@std/assert";
import { columnsOf, cutTo } from "../../../experiments/terminal/columns.ts";
import { layOut } from "../../../experiments/terminal/table.ts";
import { percent } from "../../../report/numbers.ts";

Deno.test("a share has one decimal, and no sign where it rounds to nothing", () => {
  assertEquals([0.5904, -0.0004, -0.0005, 0].map(percent), ["59.0", "0.0", "-0.1", "0.0"]);
});

Deno.test("columns stay in line where letters are as wide as two", () => {
  const lines = layOut([["class", "share", "x"], ["数字", "1.0", "y"], ["a", "九", ""]]).split(
    "\n",
  );
  assertEquals(lines, [
    "class  share  x",
    "-----  -----  -",
    "数字     1.0  y",
    "a         九",
  ]);
});

Deno.test("a text is cut where the terminal ends, and no letter in two", () => {
  assertEquals(columnsOf("a数👩‍🔬"), 5);
  assertEquals(cutTo("a数b", 4), "a数b");
  assertEquals(cutTo("a数b", 3), "a数");
  assertEquals(cutTo("a数b", 2), "a");
  assertEquals(cutTo("👩‍🔬👩‍🔬", 3), "👩‍🔬");
  assertEquals(cutTo("abc", 0), "");
});
