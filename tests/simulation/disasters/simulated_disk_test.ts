import { assert, assertEquals, assertThrows } from "@std/assert";
import { VirtualClock } from "../../../actors/runtime/mod.ts";
import { Random } from "../../../random.ts";
import { SimulatedDisk } from "../../../simulation/disasters/simulated_disk.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (disk: SimulatedDisk, path = "file") => new TextDecoder().decode(disk.content(path));

function mount(disk: SimulatedDisk, { isFull = (): boolean => false, syncMs = 10 } = {}) {
  const clock = new VirtualClock();
  const seen: string[] = [];
  const files = disk.mount({
    clock,
    syncMs: () => syncMs,
    isFull,
    onChange: (path, from) => seen.push(`${path} from ${from}`),
    onSync: (path) => seen.push(`${path} synced`),
  });
  return { clock, files, seen };
}

Deno.test("what was synced outlives a cut of the power, and the rest does not", async () => {
  const disk = new SimulatedDisk(new Random(1));
  const { clock, files, seen } = mount(disk);
  const [file, other] = [files.open("file", 0), files.open("other", 0)];
  file.write(bytes("one "));
  const synced = file.sync();
  file.write(bytes("two "));
  other.write(bytes("never synced"));
  await clock.runUntil(synced);
  assertEquals(new TextDecoder().decode(disk.safe("file")), "one ");
  assertEquals(textOf(disk), "one two ");
  disk.cutPower(false);
  assertEquals(textOf(disk), "one ");
  assertEquals(disk.paths, ["file"]);
  assertEquals(seen, [
    "file from 0",
    "other from 0",
    "file from 0",
    "file from 4",
    "other from 0",
    "file synced",
  ]);
});

Deno.test("a sync is not done before its time, and not at all if the process is gone", async () => {
  const disk = new SimulatedDisk(new Random(1));
  const { clock, files } = mount(disk);
  const file = files.open("file", 0);
  file.write(bytes("one"));
  let isDone = false;
  void file.sync().then(() => isDone = true);
  await clock.advance(9);
  assertEquals([isDone, disk.safe("file").length], [false, 0]);
  await clock.advance(1);
  assertEquals([isDone, disk.safe("file").length], [true, 3]);
  file.write(bytes(" two"));
  isDone = false;
  void file.sync().then(() => isDone = true);
  files.unmount();
  file.write(bytes(" three"));
  files.replace("config", "{}");
  await clock.advance(100);
  assertEquals([isDone, textOf(disk), disk.paths.length], [false, "one two", 1]);
});

Deno.test("a torn write leaves what was safe, and any part of the rest or zeros", async () => {
  const found = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const disk = new SimulatedDisk(new Random(seed));
    const { clock, files } = mount(disk);
    const file = files.open("file", 0);
    file.write(bytes("ab"));
    await clock.runUntil(file.sync());
    file.write(bytes("cd"));
    disk.cutPower(true);
    found.add(textOf(disk).replaceAll("\0", "0"));
  }
  assertEquals([...found].sort(), ["ab", "ab0", "ab00", "abc", "abc0", "abcd"]);
});

Deno.test("what was cut off may be there again, unless that was synced", async () => {
  for (const isSynced of [false, true]) {
    const disk = new SimulatedDisk(new Random(1));
    const { clock, files } = mount(disk);
    const first = files.open("file", 0);
    first.write(bytes("one two"));
    await clock.runUntil(first.sync());
    const again = files.open("file", 4);
    assertEquals(textOf(disk), "one ");
    again.write(bytes("2"));
    if (isSynced) await clock.runUntil(again.sync());
    disk.cutPower(false);
    assertEquals(textOf(disk), isSynced ? "one 2" : "one two");
  }
});

Deno.test("a full disk takes a part of what is written, and then says so", async () => {
  const disk = new SimulatedDisk(new Random(3));
  let isFull = false;
  const { clock, files } = mount(disk, { isFull: () => isFull });
  const file = files.open("file", 0);
  file.write(bytes("one "));
  files.replace("config", "{}");
  isFull = true;
  const error = assertThrows(() => file.write(bytes("two three four")), Error);
  assertEquals(error.message, "Cannot write file: No space left on device (os error 28)");
  assertEquals((error as { code?: string }).code, "ENOSPC");
  assert("one two three four".startsWith(textOf(disk)) && files.hasFailed);
  assertThrows(() => files.replace("config", "{ }"), Error, "config");
  assertEquals(textOf(disk, "config"), "{}");
  let failed = 0;
  for (let i = 0; i < 20; i++) await clock.runUntil(file.sync()).catch(() => failed++);
  assert(failed > 0 && failed < 20, "a sync may say so, too");
  isFull = false;
  await clock.runUntil(file.sync());
});
