/** What the journal and the tables may rely on, wherever their files are. */
import { assertEquals } from "@std/assert";
import { MemoryFiles } from "../../../actors/record/memory_files.ts";
import { diskFiles, type RunFiles } from "../../../actors/record/run_files.ts";
import { sleep, VirtualClock } from "../../../actors/runtime/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (files: RunFiles, path: string) => new TextDecoder().decode(files.read(path));

for (const [where, files] of [["disk", diskFiles], ["memory", new MemoryFiles()]] as const) {
  Deno.test(`a file is written at its end, and opened with as much of it as stays (${where})`, async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/file`;
    assertEquals(textOf(files, path), "");
    {
      using file = files.open(path, 0);
      file.write(bytes("one "));
      file.write(bytes("two "));
      await file.sync();
      assertEquals([textOf(files, path), file.isIntact()], ["one two ", true]);
    }
    {
      using file = files.open(path, 4);
      assertEquals(textOf(files, path), "one ");
      file.write(bytes("x".repeat(600_000)));
      await file.sync();
      await file.sync();
    }
    assertEquals(textOf(files, path), `one ${"x".repeat(600_000)}`);
    assertEquals(textOf(files, `${folder}/other`), "");
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("what is written to memory is that which it was then", () => {
  const files = new MemoryFiles();
  using file = files.open("a", 0);
  const written = bytes("one");
  file.write(written);
  written.fill(0);
  const read = files.read("a");
  file.write(bytes("two"));
  assertEquals([new TextDecoder().decode(read), textOf(files, "a")], ["one", "onetwo"]);
});

Deno.test("a sync in memory takes the time that it is given, by its clock", async () => {
  const clock = new VirtualClock();
  using file = new MemoryFiles({ clock, syncMs: 7 }).open("a", 0);
  await clock.runUntil(Promise.all([file.sync(), sleep(clock, 5)]));
  assertEquals(clock.now(), 7);
});
