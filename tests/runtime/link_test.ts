/** Over a channel that loses, repeats and delays what is sent, all arrives once and in order. */
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { VirtualClock } from "../../actors/runtime/mod.ts";
import { Link } from "../../actors/runtime/transports/nats/link.ts";
import { Random } from "../../random.ts";

const LOST_AFTER_MS = 15_000;
/** So that even a short text takes several. */
const LARGEST_FRAME = 24;

const toBytes = (text: string) => new TextEncoder().encode(text);
const toText = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

class End {
  readonly link: Link;
  readonly arrived: string[] = [];
  readonly lost: string[] = [];
  readonly published: Uint8Array[] = [];

  /** @param pass Takes a frame towards the other end. */
  constructor(clock: VirtualClock, pass: (frame: Uint8Array) => void) {
    this.link = new Link({
      clock,
      lostAfterMs: LOST_AFTER_MS,
      largestFrame: LARGEST_FRAME,
      publish: (frame) => {
        this.published.push(frame);
        pass(frame);
      },
      receive: (bytes) => void this.arrived.push(toText(bytes)),
      lost: (why) => void this.lost.push(why),
    });
  }
}

function pair(pass: (deliver: () => void, clock: VirtualClock) => void): [End, End, VirtualClock] {
  const clock = new VirtualClock();
  const a = new End(clock, (frame) => pass(() => b.link.receive(frame), clock));
  const b: End = new End(clock, (frame) => pass(() => a.link.receive(frame), clock));
  a.link.open();
  b.link.open();
  return [a, b, clock];
}

Deno.test("whatever is lost, comes twice or too late, all arrives once and in order", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = new Random(seed);
    const [a, b, clock] = pair((deliver, clock) => {
      for (
        let copies = random.uniform() < 0.3 ? 0 : random.uniform() < 0.2 ? 2 : 1;
        copies > 0;
        copies--
      ) {
        clock.setTimer(random.uniform() * 100, deliver);
      }
    });
    const texts = Array.from({ length: 200 }, (_, i) => `${i} `.repeat(1 + i % 20));
    for (const text of texts) {
      a.link.send(toBytes(text));
      b.link.send(toBytes(text));
    }
    for (let minutes = 0; minutes < 60 && a.arrived.length + b.arrived.length < 400; minutes++) {
      await clock.advance(60_000);
    }
    assertEquals([a.lost, b.lost], [[], []], `seed ${seed}`);
    assertEquals(a.arrived, texts, `seed ${seed}`);
    assertEquals(b.arrived, texts, `seed ${seed}`);
    a.link.close();
    b.link.close();
  }
});

Deno.test("an interruption shorter than the limit goes unnoticed, a longer one ends both ends", async () => {
  let isCut = false;
  const [a, b, clock] = pair((deliver) => void (isCut || deliver()));
  a.link.send(toBytes("before"));
  isCut = true;
  a.link.send(toBytes("meanwhile"));
  await clock.advance(LOST_AFTER_MS - 1000);
  isCut = false;
  await clock.advance(3000);
  assertEquals(b.arrived, ["before", "meanwhile"]);
  isCut = true;
  await clock.advance(LOST_AFTER_MS + 3000);
  for (const end of [a, b]) assertEquals(end.lost, ["nothing was heard of it for 15000 ms"]);
});

Deno.test("a fast sender has no more than 32 parts on their way", async () => {
  let isCut = true;
  const [a, b, clock] = pair((deliver, clock) => void (isCut || clock.setTimer(1, deliver)));
  for (let i = 0; i < 1000; i++) a.link.send(toBytes(`${i}`));
  assertEquals(a.published.length, 32);
  isCut = false;
  await clock.advance(4000);
  assertEquals(b.arrived, Array.from({ length: 1000 }, (_, i) => `${i}`));
  assertLess(a.published.length, 1100);
  a.link.close();
  b.link.close();
});

Deno.test("all is known to have arrived, or the end is closed", async () => {
  const [a, b, clock] = pair((deliver, clock) => void clock.setTimer(5, deliver));
  await a.link.empty();
  a.link.send(toBytes("a long text in several parts"));
  let isEmpty = false;
  void a.link.empty().then(() => isEmpty = true);
  await clock.advance(4);
  assert(!isEmpty);
  await clock.advance(100);
  assert(isEmpty);
  b.link.send(toBytes("text"));
  const emptied = b.link.empty();
  b.link.close();
  await emptied;
  b.link.send(toBytes("text"));
  a.link.close();
});

Deno.test("a channel that never sends again ends a link", () => {
  const clock = new VirtualClock();
  const end = new End(clock, () => {
    throw new Error("closed connection");
  });
  end.link.open();
  end.link.send(toBytes("text"));
  assertEquals(end.lost, ["closed connection"]);
});

Deno.test("a frame that no end sends is refused, and the link goes on", () => {
  const [a, b] = pair((deliver) => deliver());
  const frame = (number: number, acknowledged: number) => {
    const bytes = new Uint8Array(20);
    new DataView(bytes.buffer).setFloat64(0, number);
    new DataView(bytes.buffer).setFloat64(8, acknowledged);
    return bytes;
  };
  for (
    const wrong of [
      new Uint8Array(0),
      toBytes("hello"),
      frame(-1, 0),
      frame(0.5, 0),
      frame(NaN, 0),
      frame(33, 0),
      frame(2 ** 60, 0),
      frame(0, 1),
      frame(0, -1),
      frame(0, Infinity),
    ]
  ) {
    assertThrows(() => b.link.receive(wrong), TypeError, "received", Deno.inspect(wrong));
  }
  a.link.send(toBytes("after all"));
  assertEquals(b.arrived, ["after all"]);
  a.link.close();
  b.link.close();
});
