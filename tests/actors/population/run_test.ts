import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Run, RunStopped } from "../../../mod.ts";

/** A run of so many events, which then does something else. */
function counting(events: number, end: () => string = () => "done"): Run<number, string> {
  return new Run(async (emit) => {
    for (let i = 0; i < events; i++) {
      await Promise.resolve();
      emit(i);
    }
    return end();
  });
}

/** A run that goes on until it is stopped. */
function endless(signal?: AbortSignal): Run<number, never> {
  return new Run(async (emit, stop) => {
    for (let i = 0; !stop.aborted; i++) {
      emit(i);
      await new Promise((resolve) => setTimeout(resolve));
    }
    throw new RunStopped("stopped");
  }, signal);
}

const fail = (): never => {
  throw new Error("no luck");
};

/** The events, and what the iterator threw after them. */
async function seenIn<T>(run: AsyncIterable<T>): Promise<{ events: T[]; error?: Error }> {
  const events: T[] = [];
  try {
    for await (const event of run) events.push(event);
    return { events };
  } catch (error) {
    return { events, error: error as Error };
  }
}

Deno.test("a run is its events, then its result", async () => {
  await using run = counting(3);
  assertEquals(await seenIn(run), { events: [0, 1, 2] });
  assertEquals(await run.result, "done");
});

Deno.test("a failed run throws from its iterator after its events, and rejects its result", async () => {
  await using run = counting(2, fail);
  const { events, error } = await seenIn(run);
  assertEquals(events, [0, 1]);
  assertEquals(error, await assertRejects(() => run.result, Error, "no luck"));
});

Deno.test("who looks at one end of a failed run need not look at the other", async () => {
  const unhandled: unknown[] = [];
  const listener = (event: PromiseRejectionEvent) => unhandled.push(event.reason);
  globalThis.addEventListener("unhandledrejection", listener);
  try {
    assertEquals((await seenIn(counting(1, fail))).error?.message, "no luck");
    await assertRejects(() => counting(1, fail).result, Error, "no luck");
    {
      await using _ = counting(1, fail);
    }
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    globalThis.removeEventListener("unhandledrejection", listener);
  }
  assertEquals(unhandled, []);
});

Deno.test("a failure is thrown to an iterator that comes late, and only once", async () => {
  await using run = counting(1, fail);
  await run.result.catch(() => {});
  const iterator = run[Symbol.asyncIterator]();
  await assertRejects(() => iterator.next(), Error, "no luck");
  assertEquals(await iterator.next(), { done: true, value: undefined });
});

Deno.test("a run that is stopped ends its iterator without an error", async () => {
  await using run = endless();
  const { events, error } = await seenIn({
    async *[Symbol.asyncIterator]() {
      for await (const event of run) {
        if (event === 2) run.stop();
        yield event;
      }
    },
  });
  assertEquals([events.slice(0, 3), error], [[0, 1, 2], undefined]);
  await assertRejects(() => run.result, RunStopped);
});

Deno.test("a run is iterated once, also after its loop was left", async () => {
  await using run = counting(3);
  for await (const event of run) {
    assertThrows(() => run[Symbol.asyncIterator](), TypeError, "twice");
    if (event === 1) break;
  }
  assertThrows(() => run[Symbol.asyncIterator](), TypeError, "twice");
  assertEquals(await run.result, "done", "leaving the loop does not stop the run");
});

Deno.test("a loop that is left early hears nothing of a later failure", async () => {
  await using run = counting(3, fail);
  const iterator = run[Symbol.asyncIterator]();
  await iterator.next();
  await iterator.return!();
  assertEquals(await iterator.next(), { done: true, value: undefined });
  await assertRejects(() => run.result, Error, "no luck");
});

Deno.test("events are asked for side by side, and left while one is awaited", async () => {
  await using run = counting(3);
  const iterator = run[Symbol.asyncIterator]();
  const four = await Promise.all([1, 2, 3, 4].map(() => iterator.next()));
  assertEquals(four.map(({ value }) => value), [0, 1, 2, undefined]);

  const silence = Promise.withResolvers<string>();
  await using silent = new Run<number, string>(() => silence.promise);
  const waiting = silent[Symbol.asyncIterator]();
  const next = waiting.next();
  await waiting.return!();
  assertEquals(await next, { done: true, value: undefined });
  silence.resolve("done");
});

Deno.test("undefined is an event like others", async () => {
  await using run = new Run<undefined, void>((emit) => Promise.resolve(emit(undefined)));
  assertEquals(await seenIn(run), { events: [undefined] });
});

Deno.test("a signal stops a run, also one that was aborted before it began", async () => {
  const stop = new AbortController();
  await using run = endless(stop.signal);
  for await (const event of run) if (event === 1) stop.abort();
  await assertRejects(() => run.result, RunStopped);
  await using late = endless(AbortSignal.abort());
  assertEquals(await seenIn(late), { events: [] });
  await assertRejects(() => late.result, RunStopped);
});

Deno.test("the end of a scope stops a run and waits for it", async () => {
  let ended = false;
  {
    await using _ = new Run<never, void>(async (_, stop) => {
      while (!stop.aborted) await new Promise((resolve) => setTimeout(resolve));
      await new Promise((resolve) => setTimeout(resolve));
      ended = true;
    });
  }
  assertEquals(ended, true);
});
