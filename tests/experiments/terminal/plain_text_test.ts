import { assertEquals } from "@std/assert";
import { plainText } from "../../../experiments/terminal/plain_text.ts";

Deno.test("a text of others neither moves the cursor nor colours the screen", () => {
  assertEquals(plainText("two\nlines, ümläute, 数"), "two\nlines, ümläute, 数");
  assertEquals(plainText("\x1b[2Jgone\r\u009b1mbold\x07\x00"), "?[2Jgone??1mbold??");
});
