import { assert, assertEquals, assertThrows } from "@std/assert";
import process from "node:process";
import { holdExit, withoutExit } from "../../../actors/own/hold_exit.ts";

Deno.test("while anybody holds the exit nobody ends the process, and then it is as before", () => {
  const [exit, nodeExit] = [Deno.exit, process.exit];
  const isHeld = () => {
    assertThrows(() => Deno.exit(3), Error, "it ended its process, with code 3");
    assertThrows(() => process.exit(), Error, "it ended its process, with code 0");
  };
  const first = holdExit();
  const second = holdExit();
  withoutExit(isHeld);
  isHeld();
  first[Symbol.dispose]();
  assert(Deno.exit !== exit);
  isHeld();
  second[Symbol.dispose]();
  assertEquals([Deno.exit === exit, process.exit === nodeExit], [true, true]);
  assert(withoutExit(() => Deno.exit !== exit));
});
