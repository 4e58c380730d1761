import { assert, assertEquals, assertThrows } from "@std/assert";
import type { JournalEvent } from "../../../actors/record/journal.ts";
import { formatEvent, formatLine } from "../../../actors/record/journal_line.ts";
import { JournalTail } from "../../../actors/record/journal_tail.ts";

function started(candidate: number): JournalEvent {
  const draw = { id: candidate, version: 0, x: [candidate, 1 / 3], note: "é".repeat(candidate) };
  return { type: "Sampled", generation: 0, candidate, repeat: 0, seed: 7, draw };
}

/** Lines of a journal, all of which were known to be on the disk. */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => from + index)
    .map((number) => formatLine(number, number, formatEvent(started(number)))).join("");
}

/** A journal in a folder of its own, and its reader. */
function journal(text?: string) {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/journal.jsonl`;
  if (text !== undefined) Deno.writeTextFileSync(path, text);
  const tail = new JournalTail(path);
  return {
    path,
    tail,
    /** Numbers of the candidates that are new, and whether those before do not count any more. */
    read() {
      const news = tail.read();
      return news && {
        isAnew: news.isAnew,
        candidates: news.events.map((event) => "candidate" in event ? event.candidate : NaN),
        isTorn: news.tornBytes > 0,
      };
    },
    append: (more: string) => Deno.writeTextFileSync(path, more, { append: true }),
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

Deno.test("a journal is read as it grows, and what is not new is not read again", () => {
  using one = journal();
  assertEquals(one.read(), undefined);
  one.append(lines(0, 2));
  assertEquals(one.read(), { isAnew: false, candidates: [0, 1], isTorn: false });
  assertEquals(one.read(), undefined);
  one.append(lines(2, 3));
  assertEquals(one.read(), { isAnew: false, candidates: [2], isTorn: false });
});

Deno.test("a torn last line waits for its rest, wherever it is torn", () => {
  const whole = lines(2, 3);
  const bytes = new TextEncoder().encode(whole);
  for (const length of [1, 40, 150, bytes.length - 1]) {
    using one = journal(lines(0, 2));
    one.read();
    Deno.writeFileSync(one.path, bytes.subarray(0, length), { append: true });
    assertEquals(one.read(), { isAnew: false, candidates: [], isTorn: true });
    Deno.writeFileSync(one.path, bytes.subarray(length), { append: true });
    assertEquals(one.read(), { isAnew: false, candidates: [2], isTorn: false });
  }
});

Deno.test("an end that was cut off, and written in another way, is read as it is then", () => {
  using one = journal(lines(0, 2));
  one.read();
  one.append(lines(2, 3).slice(0, 100));
  one.read();
  Deno.truncateSync(one.path, new TextEncoder().encode(lines(0, 2)).length);
  assertEquals(one.read()?.candidates, []);
  one.append(lines(2, 4));
  assertEquals(one.read(), { isAnew: false, candidates: [2, 3], isTorn: false });
});

Deno.test("a journal that shrank, was replaced or was changed is read anew", () => {
  const changes: ((path: string) => void)[] = [
    (path) => Deno.writeTextFileSync(path, lines(0, 1)),
    (path) => {
      Deno.writeTextFileSync(`${path}.new`, lines(1, 2).replace(/^.*\n/, "") + lines(0, 1));
      Deno.renameSync(`${path}.new`, path);
    },
    (path) => {
      Deno.removeSync(path);
      Deno.writeTextFileSync(path, formatLine(0, 0, formatEvent(started(0))));
    },
  ];
  for (const change of changes) {
    using one = journal(lines(0, 3));
    one.read();
    change(one.path);
    assertEquals(one.read(), { isAnew: true, candidates: [0], isTorn: false });
    one.append(lines(1, 2));
    assertEquals(one.read(), { isAnew: false, candidates: [1], isTorn: false });
  }
});

Deno.test("another journal of the same length in the same place is read anew", () => {
  using one = journal(lines(0, 2));
  one.read();
  const other = [5, 6].map((candidate, number) =>
    formatLine(
      number,
      number,
      formatEvent({ ...started(candidate), draw: { ...draw(number) } } as JournalEvent),
    )
  ).join("");
  Deno.writeTextFileSync(one.path, other + lines(2, 3));
  assertEquals(one.read(), { isAnew: true, candidates: [5, 6, 2], isTorn: false });
});

function draw(candidate: number) {
  const event = started(candidate);
  return event.type === "Sampled" ? event.draw : undefined;
}

Deno.test("a journal that vanishes is told once", () => {
  using one = journal(lines(0, 2));
  one.read();
  Deno.removeSync(one.path);
  assertEquals(one.read(), { isAnew: true, candidates: [], isTorn: false });
  assertEquals(one.read(), undefined);
  one.append(lines(0, 1));
  assertEquals(one.read(), { isAnew: false, candidates: [0], isTorn: false });
});

Deno.test("damage to what was on the disk is an error, and not the end", () => {
  using one = journal(lines(0, 2));
  one.read();
  one.append(lines(2, 5).replace('"candidate":3', '"candidate":9'));
  for (const _ of [1, 2]) {
    assertThrows(() => one.tail.read(), SyntaxError, "line 4 is damaged");
  }
  Deno.writeTextFileSync(one.path, lines(0, 3));
  assertEquals(one.read()?.candidates, [0, 1, 2]);
});

Deno.test("points are read from the file when they are looked at", () => {
  using one = journal(lines(0, 3));
  const [, second, third] = one.tail.read()!.events;
  assert(second?.type === "Started" && third?.type === "Started");
  assertEquals(second.point(), [1, 1 / 3]);
  Deno.writeTextFileSync(one.path, lines(0, 1));
  assertThrows(() => third.point(), SyntaxError, "line 3 is not what it was");
  assertEquals(second.point(), [1, 1 / 3]);
});

Deno.test("a long journal is read in parts", () => {
  const long = { ...started(0), draw: { x: [0], version: 0, note: "x".repeat(3 << 20) } };
  const text = Array.from(
    { length: 5 },
    (_, number) =>
      formatLine(number, number, formatEvent({ ...long, candidate: number } as JournalEvent)),
  ).join("");
  using one = journal(text);
  const parts: number[] = [];
  for (let share = 0; share < 1;) {
    const news = one.tail.read()!;
    assert(news.share > share);
    parts.push(news.events.length);
    ({ share } = news);
  }
  assertEquals(parts, [2, 2, 1]);
});
