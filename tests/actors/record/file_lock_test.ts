import { assert, assertEquals } from "@std/assert";
import { FileLock } from "../../../actors/record/file_lock.ts";

Deno.test("whether a lock is held is told without taking it", () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/lock`;
  assertEquals(FileLock.isHeld(path), false);
  assertEquals([...Deno.readDirSync(folder)], []);
  {
    using lock = FileLock.tryAcquire(path);
    assert(lock);
    assertEquals(FileLock.isHeld(path), true);
    assertEquals(FileLock.tryAcquire(path), undefined);
  }
  Deno.writeTextFileSync(path, ""); // As a process that was killed leaves it.
  assertEquals(FileLock.isHeld(path), false);
  using again = FileLock.tryAcquire(path);
  assert(again);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a lock is taken while others look, however long a look takes", async () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/lock`;
  Deno.writeTextFileSync(path, "");
  // A look of another process that the system lets wait in its middle.
  const look = `
    using file = Deno.openSync(${JSON.stringify(path)});
    file.lockSync(false);
    console.log("looks");
    await new Promise((resolve) => setTimeout(resolve, 500));
  `;
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", look],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  await reader.read();
  assertEquals(FileLock.isHeld(path), false);
  using lock = FileLock.tryAcquire(path);
  assert(lock);
  assertEquals(FileLock.isHeld(path), true);
  await reader.read();
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a lock is taken and told while another process looks again and again", async () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/lock`;
  Deno.writeTextFileSync(path, "");
  const module = new URL("../../../actors/record/file_lock.ts", import.meta.url).href;
  const looks = `
    import { FileLock } from ${JSON.stringify(module)};
    console.log("looks");
    for (;;) FileLock.isHeld(${JSON.stringify(path)});
  `;
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", looks],
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  await reader.read();
  for (let round = 0; round < 100; round++) {
    using lock = FileLock.tryAcquire(path);
    assert(lock);
    assertEquals(FileLock.tryAcquire(path), undefined);
  }
  process.kill();
  await reader.cancel();
  Deno.removeSync(folder, { recursive: true });
});
