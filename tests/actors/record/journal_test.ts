import { crc32 } from "node:zlib";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import type { Candidate } from "../../../evolution/mod.ts";
import { Journal, type JournalEvent, readJournal } from "../../../actors/record/journal.ts";
import { formatEvent, formatLine } from "../../../actors/record/journal_line.ts";
import { ConfigurationError } from "../../../options.ts";

function sampled(candidate: number): JournalEvent {
  const draw: Candidate = {
    id: candidate,
    version: 0,
    index: candidate,
    x: [0.1, 1 / 3],
    unbounded: [-0.1, 5e-324],
    step: [0.25, -1e300],
    squaredLength: 2.5,
    logVolume: -1.25,
  };
  return { type: "Sampled", generation: 0, candidate, repeat: 0, seed: 7, draw };
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

Deno.test("a journal of another version is refused, also at its end", async () => {
  const path = await written(3);
  const lines = Deno.readTextFileSync(path).split("\n");
  for (const index of [0, 1, 2]) {
    const changed = lines.with(index, lines[index]!.replace(`"version":2`, `"version":3`));
    Deno.writeTextFileSync(path, changed.join("\n"));
    const error = await assertRejects(() => readJournal(path), SyntaxError);
    assertStringIncludes(error.message, "expected version 1 or 2, received 3");
  }
});

Deno.test("a line that says what no run writes is refused, though its checksum fits", async () => {
  const path = await written(0);
  const evaluated = {
    ...{ type: "Evaluated", generation: 0, candidate: 0, repeat: 0, seed: 7 },
    ...{ distribution: 0, age: 0, status: "ok", fitness: 1, scores: {}, timings: {} },
    reason: null,
  };
  const cases: [object, string][] = [
    [{ type: "Begun", configuration: null }, "expected configuration to be an object"],
    [{ type: "Started" }, "expected type to be"],
    [{ ...sampled(0), draw: null }, "expected draw to be an object"],
    [{ ...sampled(0), draw: { x: [null], version: 0 } }, "expected draw.x.0 to be a number"],
    [{ ...sampled(0), seed: undefined }, "seed is missing"],
    [{ ...evaluated, candidate: -1 }, "expected candidate to be a count"],
    [{ ...evaluated, fitness: "good" }, "expected fitness to be a number"],
    [{ ...evaluated, fitness: null }, "expected a fitness if it is ok"],
    [{ ...evaluated, status: "failed" }, "expected a fitness if it is ok"],
    [{ ...evaluated, timings: { train: 1 } }, "expected timings.train to be an object"],
    [{ ...evaluated, reports: [], scores: { mismatch: null } }, "expected scores.mismatch to be"],
    [{ type: "Ended", generation: 0, planned: 1 }, "reason is missing"],
  ];
  for (const [event, message] of cases) {
    const lines = [sampled(0), event as JournalEvent, sampled(1)]
      .map((each, number) => formatLine(number, 0, formatEvent(each)));
    Deno.writeTextFileSync(path, lines.join(""));
    const error = await assertRejects(() => readJournal(path), SyntaxError);
    assertStringIncludes(error.message, `line 2 is none that a run writes: `);
    assertStringIncludes(error.message, message);
  }
});

/** Ends of lines for some readers, halves of characters, and what cannot be seen. */
const HARD_TEXTS = ["a\u2028b\u2029c", "\ud800", "\udc00x", "\ufeff", "\r\n\0\u0085", "\ufffd"];

Deno.test("any text that is recorded is read again", async () => {
  const path = await written(0);
  const events = HARD_TEXTS.map((text): JournalEvent => (
    { type: "Begun", run: "r", configuration: { [text]: text } }
  ));
  {
    await using journal = await Journal.open(path, await readJournal(path));
    for (const event of events) journal.append(event);
  }
  assertEquals((await readJournal(path)).events, events);
});

/** As version 0.1.0 wrote it. */
function lineOfVersion1(number: number, event: unknown): string {
  const body = JSON.stringify(event);
  return `{"version":1,"number":${number},"crc32":${crc32(body)},"event":${body}}\n`;
}

Deno.test("text that a journal of version 1 has in it makes it unreadable no longer", async () => {
  const path = await written(0);
  const events = HARD_TEXTS.map((text) => ({ type: "Begun", configuration: { reason: text } }));
  Deno.writeTextFileSync(path, events.map((event, i) => lineOfVersion1(i, event)).join(""));
  assertEquals((await readJournal(path)).events, events as JournalEvent[]);
});

Deno.test("a journal of version 1 is read, and continued with lines of version 2", async () => {
  const recorded = new URL("../../golden/run_version_1/journal.jsonl", import.meta.url);
  const path = await written(0);
  Deno.copyFileSync(recorded, path);
  const before = await readJournal(path);
  assertEquals([before.events.length, before.tornBytes], [29, 0]);
  {
    await using journal = await Journal.open(path, before);
    journal.append(sampled(0));
  }
  assertEquals((await readJournal(path)).events, [...before.events, sampled(0)]);
  const lines = Deno.readTextFileSync(path).split("\n").slice(0, -1);
  assertEquals(
    [lines.length, lines[28]!.slice(0, 13), lines[29]!.slice(0, 39)],
    [30, `{"version":1,`, `{"version":2,"number":29,"synced":29,"e`],
  );
  // Damage to a line is told from a torn one, before and after the change.
  for (const index of [3, 28]) {
    Deno.writeTextFileSync(path, [...lines.with(index, "{"), ""].join("\n"));
    await assertRejects(() => readJournal(path), SyntaxError, `line ${index + 1} is damaged`);
  }
  Deno.writeTextFileSync(path, [...lines.with(29, "{"), ""].join("\n"));
  assertEquals((await readJournal(path)).events, before.events);
});

/** A journal of 12 lines: each of the first 8 on the disk before the next, the last 3 in one batch. */
async function batched(): Promise<{ path: string; lines: Uint8Array<ArrayBuffer>[] }> {
  const path = await written(0);
  {
    await using journal = await Journal.open(path, await readJournal(path));
    for (let i = 0; i < 8; i++) {
      journal.append(sampled(i));
      await journal.flushed();
    }
    for (let i = 8; i < 12; i++) journal.append(sampled(i));
  }
  const text = Deno.readTextFileSync(path);
  const lines = text.split(/(?<=\n)/).map((line) => new TextEncoder().encode(line));
  assertEquals(lines.map((line) => JSON.parse(new TextDecoder().decode(line)).synced), [
    ...[0, 1, 2, 3, 4, 5, 6, 7],
    ...[8, 9, 9, 9],
  ]);
  return { path, lines };
}

const BOM = new TextEncoder().encode("\ufeff");

function zeros(line: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(line.length);
}

function join(lines: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  return new Blob([...lines]).bytes();
}

Deno.test("a batch of which nothing was confirmed is cut off wherever it is torn", async () => {
  const { path, lines } = await batched();
  for (const torn of [[9], [10], [11], [9, 10], [9, 11], [9, 10, 11]]) {
    const bytes = await join(lines.map((line, i) => torn.includes(i) ? zeros(line) : line));
    Deno.writeFileSync(path, bytes);
    const { events, wholeBytes, tornBytes } = await readJournal(path);
    assertEquals(events.length, torn[0]);
    assertEquals(wholeBytes, lines.slice(0, torn[0]).reduce((sum, line) => sum + line.length, 0));
    assertEquals(wholeBytes + tornBytes, bytes.length);
  }
});

Deno.test("damage to what was confirmed is refused, however much comes after it", async () => {
  const { path, lines } = await batched();
  for (let damaged = 0; damaged < 9; damaged++) {
    for (const change of [zeros, () => new Uint8Array()]) {
      Deno.writeFileSync(
        path,
        await join(lines.map((line, i) => i === damaged ? change(line) : line)),
      );
      const message = `line ${damaged + 1} is damaged`;
      await assertRejects(() => readJournal(path), SyntaxError, message);
    }
  }
  // A torn end hides no damage before it.
  const both = lines.map((line, i) => i === 4 || i > 9 ? zeros(line) : line);
  Deno.writeFileSync(path, await join(both));
  await assertRejects(() => readJournal(path), SyntaxError, "line 5 is damaged");
});

Deno.test("a file that an editor has changed from its first line on is refused, not cut off", async () => {
  for (const count of [1, 3]) {
    const path = await written(count);
    const text = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(path, `\ufeff${text}`);
    await assertRejects(() => readJournal(path), SyntaxError, "byte order mark");
    Deno.writeTextFileSync(path, text.replaceAll("\n", "\r\n"));
    await assertRejects(() => readJournal(path), SyntaxError, "line 1 is damaged");
  }
  const { path, lines } = await batched();
  Deno.writeFileSync(path, await join(lines.with(5, new Uint8Array([...BOM, ...lines[5]!]))));
  await assertRejects(() => readJournal(path), SyntaxError, "line 6 is damaged");
});

/** Has every fsync of a file's data wait, and then end as it is told. */
function heldSync(): { release: (error?: Error) => void } & Disposable {
  const { syncData } = Deno.FsFile.prototype;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => {}); // It may end before anybody waits for it.
  Deno.FsFile.prototype.syncData = () => promise;
  return {
    release: (error) => error ? reject(error) : resolve(),
    [Symbol.dispose]: () => void (Deno.FsFile.prototype.syncData = syncData),
  };
}

Deno.test("what waits for an event comes after the fsync that covers it, in order", async () => {
  const path = await written(0);
  const seen: string[] = [];
  await using journal = await Journal.open(path, await readJournal(path));
  using disk = heldSync();
  journal.append(sampled(0));
  journal.whenSynced(() => seen.push("first"));
  journal.append(sampled(1));
  journal.whenSynced(() => {
    seen.push("second");
    journal.whenSynced(() => seen.push("last"));
  });
  journal.whenSynced(() => seen.push("third"));
  await new Promise((resolve) => setTimeout(resolve, 20));
  assertEquals(seen, []);
  disk.release();
  await journal.flushed();
  assertEquals(seen, ["first", "second", "third", "last"]);
  journal.whenSynced(() => seen.push("at once"));
  assertEquals(seen.at(-1), "at once");
});

Deno.test("after an fsync that failed nothing is reported and nothing more is written", async () => {
  const path = await written(0);
  const seen: string[] = [];
  {
    await using journal = await Journal.open(path, await readJournal(path));
    using disk = heldSync();
    journal.append(sampled(0));
    journal.whenSynced(() => seen.push("reported"));
    journal.append(sampled(1));
    disk.release(new Error("Input/output error"));
    await assertRejects(() => journal.failed, Error, "Input/output error");
    await assertRejects(() => journal.flushed(), Error, "Input/output error");
    assertThrows(() => journal.append(sampled(2)), Error, "Input/output error");
    assertThrows(() => journal.whenSynced(() => {}), Error, "Input/output error");
  }
  assertEquals(seen, []);
  assertEquals((await readJournal(path)).events, [sampled(0)]);
});

Deno.test("a disk that takes few bytes at a time gets all of them", async () => {
  const { writeSync } = Deno.FsFile.prototype;
  Deno.FsFile.prototype.writeSync = function (bytes) {
    return writeSync.call(this, bytes.subarray(0, 100));
  };
  try {
    assertEquals((await readJournal(await written(3))).events.length, 3);
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
});

Deno.test("a journal that is removed, replaced or changed while it is written is noticed", async () => {
  const changes: ((path: string) => void)[] = [
    (path) => Deno.removeSync(path),
    (path) => Deno.renameSync(path, `${path}.moved`),
    (path) => {
      Deno.copyFileSync(path, `${path}.copy`);
      Deno.renameSync(`${path}.copy`, path);
    },
    (path) => Deno.truncateSync(path),
    (path) => Deno.writeTextFileSync(path, "\n", { append: true }),
  ];
  for (const change of changes) {
    const path = await written(1);
    await using journal = await Journal.open(path, await readJournal(path));
    journal.append(sampled(1));
    await journal.flushed();
    change(path);
    journal.append(sampled(2));
    await assertRejects(
      () => journal.failed,
      ConfigurationError,
      "was removed, replaced or changed",
    );
  }
});
