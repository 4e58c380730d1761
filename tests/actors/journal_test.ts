import { assert, assertEquals, assertRejects } from "@std/assert";
import { Journal, type JournalEvent, readJournal } from "../../actors/journal.ts";

function sampled(candidate: number): JournalEvent {
  return {
    type: "Sampled",
    generation: 0,
    candidate,
    repeat: 0,
    seed: 7,
    draw: {
      id: candidate,
      version: 0,
      index: candidate,
      x: [0.1, 1 / 3],
      unbounded: [-0.1, 5e-324],
      step: [0.25, -1e300],
      squaredLength: 2.5,
      logVolume: -1.25,
    },
  };
}

async function written(count: number): Promise<string> {
  const path = `${await Deno.makeTempDir()}/journal.jsonl`;
  await using journal = await Journal.open(path, await readJournal(path));
  for (let i = 0; i < count; i++) journal.append(sampled(i));
  return path;
}

Deno.test("events come back bit for bit", async () => {
  const { events, tornBytes } = await readJournal(await written(3));
  assertEquals(events, [sampled(0), sampled(1), sampled(2)]);
  assertEquals(tornBytes, 0);
});

Deno.test("wherever the file is cut, whole lines survive and the torn one is reported", async () => {
  const path = await written(2);
  const bytes = Deno.readFileSync(path);
  const firstLine = bytes.indexOf(0x0a) + 1;
  for (let length = 0; length < bytes.length; length += 7) {
    Deno.writeFileSync(path, bytes.subarray(0, length));
    const { events, wholeBytes, tornBytes } = await readJournal(path);
    assertEquals(events.length, length >= firstLine ? 1 : 0);
    assertEquals(wholeBytes, length >= firstLine ? firstLine : 0);
    assertEquals(wholeBytes + tornBytes, length);
  }
});

Deno.test("a journal is continued after its whole lines", async () => {
  const path = await written(2);
  Deno.writeTextFileSync(path, `{"version":1,"num`, { append: true });
  {
    await using journal = await Journal.open(path, await readJournal(path));
    journal.append(sampled(2));
  }
  assertEquals((await readJournal(path)).events, [sampled(0), sampled(1), sampled(2)]);
});

Deno.test("a flipped bit anywhere but in the last line is refused", async () => {
  const path = await written(3);
  const bytes = Deno.readFileSync(path);
  const firstLine = bytes.indexOf(0x0a);
  for (let at = 0; at < firstLine; at += 11) {
    const damaged = bytes.slice();
    damaged[at]! ^= 1;
    Deno.writeFileSync(path, damaged);
    await assertRejects(() => readJournal(path), SyntaxError, "Cannot read");
  }
});

Deno.test("a journal of another version is refused", async () => {
  const path = await written(2);
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(path).replaceAll(`"version":1,"n`, `"version":2,"n`),
  );
  const error = await assertRejects(() => readJournal(path), SyntaxError);
  assert(error.message.includes("expected version 1, received 2"), error.message);
});
