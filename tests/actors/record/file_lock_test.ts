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
