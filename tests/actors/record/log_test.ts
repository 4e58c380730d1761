import { assertEquals } from "@std/assert";
import { Log, readLog } from "../../../actors/record/log.ts";

Deno.test("whatever an actor logs is a line of the log", () => {
  const path = Deno.makeTempFileSync();
  {
    using log = new Log(path);
    const fields = { big: 2n ** 70n, map: new Map(), nothing: undefined, bytes: new Uint8Array(2) };
    log.add({ at: 0, type: "log", actor: "a/b", level: "info", text: "\u2028", fields });
  }
  const [line] = readLog(path);
  assertEquals([line!.text, line!.actor, line!["big"]], ["\u2028", "a/b", `${2n ** 70n}`]);
  Deno.removeSync(path);
});
