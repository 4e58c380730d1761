import { assertEquals, assertThrows } from "@std/assert";
import { fc } from "./fast_check.ts";
import { Mailbox, Queue } from "../../actors/runtime/mod.ts";

/** Which of the promises have resolved. */
async function settled(promises: readonly Promise<void>[]): Promise<boolean[]> {
  const done = promises.map(() => false);
  promises.forEach((promise, i) => promise.then(() => done[i] = true));
  await new Promise((resolve) => setTimeout(resolve));
  return done;
}

Deno.test("a full mailbox accepts the next item only when an earlier one is finished", async () => {
  const mailbox = new Mailbox<number>(2);
  const puts = [1, 2, 3, 4].map((item) => mailbox.put(item));
  assertEquals(await settled(puts), [true, true, false, false]);
  assertEquals([mailbox.take(), mailbox.take(), mailbox.take()], [1, 2, undefined]);
  assertEquals(mailbox.finish(), 1);
  assertEquals(await settled(puts), [true, true, true, false]);
  assertEquals([mailbox.take(), mailbox.size, mailbox.waiting], [3, 2, 1]);
});

Deno.test("recalled items make room; those not taken stay", async () => {
  const mailbox = new Mailbox<number>(2);
  const puts = [1, 2, 3].map((item) => mailbox.put(item));
  mailbox.take();
  assertEquals(mailbox.recall(), [1]);
  assertEquals(await settled(puts), [true, true, true]);
  assertEquals([mailbox.take(), mailbox.take()], [2, 3]);
});

Deno.test("clearing a mailbox lets every waiting sender go on", async () => {
  const mailbox = new Mailbox<number>(1);
  const puts = [1, 2, 3].map((item) => mailbox.put(item));
  mailbox.take();
  assertEquals(mailbox.clear(), [1, 2, 3]);
  assertEquals(await settled(puts), [true, true, true]);
  assertEquals([mailbox.size, mailbox.waiting, mailbox.taken], [0, 0, 0]);
});

Deno.test("a mailbox needs a capacity", () => {
  for (const capacity of [0, -1, 1.5, NaN, Infinity]) {
    assertThrows(() => new Mailbox(capacity), RangeError, `received ${capacity}`);
  }
});

Deno.test("a mailbox behaves like two arrays: what was accepted, and what waits", () => {
  const operation = fc.constantFrom("put", "put", "take", "finish", "recall", "clear");
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), fc.array(operation), (capacity, run) => {
    const mailbox = new Mailbox<number>(capacity);
    let accepted: number[] = [];
    let waiting: number[] = [];
    let taken = 0;
    let next = 0;
    for (const name of run) {
      switch (name) {
        case "put":
          void mailbox.put(next);
          waiting.push(next++);
          break;
        case "take":
          assertEquals(mailbox.take(), accepted[taken]);
          taken = Math.min(taken + 1, accepted.length);
          break;
        case "finish":
          assertEquals(mailbox.finish(), taken > 0 ? accepted.shift() : undefined);
          taken = Math.max(0, taken - 1);
          break;
        case "recall":
          assertEquals(mailbox.recall(), accepted.slice(0, taken));
          accepted = accepted.slice(taken);
          taken = 0;
          break;
        case "clear":
          assertEquals(mailbox.clear(), [...accepted, ...waiting]);
          accepted = waiting = [];
          taken = 0;
      }
      const room = capacity - accepted.length;
      accepted = [...accepted, ...waiting.slice(0, room)];
      waiting = waiting.slice(room);
      assertEquals(
        [mailbox.size, mailbox.waiting, mailbox.taken, mailbox.oldest],
        [accepted.length, waiting.length, taken, taken > 0 ? accepted[0] : undefined],
      );
    }
  }));
});

Deno.test("a queue that grows and shrinks behaves like an array", () => {
  const amount = fc.record({ pushes: fc.nat(3000), shifts: fc.nat(3000) });
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 8 }), (steps) => {
      const queue = new Queue<number>();
      const items: number[] = [];
      let next = 0;
      for (const { pushes, shifts } of steps) {
        for (let i = 0; i < pushes; i++) {
          queue.push(next);
          items.push(next++);
        }
        const taken = Array.from({ length: shifts }, () => queue.shift());
        assertEquals(taken.filter((item) => item !== undefined), items.splice(0, shifts));
        assertEquals(queue.length, items.length);
        for (const index of [0, items.length - 1, items.length]) {
          assertEquals(queue.at(index), items[index]);
        }
      }
    }),
    { numRuns: 30 },
  );
});
