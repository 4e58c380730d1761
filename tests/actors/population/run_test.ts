import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MOST_WAITING } from "../../../actors/population/event_queue.ts";
import { Run, RunStopped } from "../../../actors/population/run.ts";
import { NOTHING_YET } from "../../../actors/population/snapshot.ts";

const where = { directory: "nowhere" };

/** A run of so many events, which then does something else. */
function counting(events: number, end: () => string = () => "done"): Run<number, string> {
  return new Run(async ({ emit }) => {
    for (let i = 0; i < events; i++) {
      await Promise.resolve();
      emit(i);
    }
    return end();
  }, where);
}

/** A run that goes on until it is stopped. */
function endless(signal?: AbortSignal): Run<number, never> {
  return new Run(async ({ emit, signal }) => {
    for (let i = 0; !signal.aborted; i++) {
      emit(i);
      await turn();
    }
    throw new RunStopped("stopped");
  }, { ...where, signal });
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

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

/** What a piece of a program throws, and what nobody in it has handled: messages. */
async function heardIn(program: () => Promise<void>): Promise<string[][]> {
  const thrown: string[] = [];
  const unhandled: string[] = [];
  const listener = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    unhandled.push(event.reason.message);
  };
  globalThis.addEventListener("unhandledrejection", listener);
  try {
    await program().catch((error) => thrown.push(error.message));
    for (let i = 0; i < 5; i++) await turn();
  } finally {
    globalThis.removeEventListener("unhandledrejection", listener);
  }
  return [thrown, unhandled];
}

/** Programs with a run that fails, and whether they throw it, or nobody handles it. */
const failing: Readonly<Record<string, [() => Promise<void>, "thrown" | "unhandled"]>> = {
  "await using alone": [async () => {
    await using _ = counting(1, fail);
  }, "thrown"],
  "await using, over before its scope": [async () => {
    await using _ = counting(1, fail);
    await turn();
  }, "thrown"],
  "await using and for await": [async () => {
    await using run = counting(1, fail);
    for await (const _ of run);
  }, "thrown"],
  "await using and for await, after a while": [async () => {
    await using run = counting(1, fail);
    await turn();
    for await (const _ of run);
  }, "thrown"],
  "await using and for await that is left": [async () => {
    await using run = counting(3, fail);
    for await (const _ of run) break;
  }, "thrown"],
  "await using and result": [async () => {
    await using run = counting(1, fail);
    await run.result;
  }, "thrown"],
  "await using, for await and result": [async () => {
    await using run = counting(1, fail);
    const { result } = run;
    for await (const _ of run);
    await result;
  }, "thrown"],
  "await using, and a result that is not awaited": [async () => {
    await using run = counting(1, fail);
    void run.result;
  }, "unhandled"],
  "for await": [async () => {
    for await (const _ of counting(1, fail));
  }, "thrown"],
  "for await that is left before": [async () => {
    for await (const _ of counting(3, fail)) break;
  }, "unhandled"],
  "for await that is left afterwards": [async () => {
    for await (const _ of counting(3, fail)) {
      await turn();
      break;
    }
  }, "unhandled"],
  "result": [async () => {
    await counting(1, fail).result;
  }, "thrown"],
  "result, which came first": [async () => {
    const { result } = counting(1, fail);
    await result;
  }, "thrown"],
  "neither": [() => {
    counting(1, fail);
    return Promise.resolve();
  }, "unhandled"],
};

for (const [name, [program, how]] of Object.entries(failing)) {
  Deno.test(`a failure reaches somebody, once: ${name}`, async () => {
    const expected = how === "thrown" ? [["no luck"], []] : [[], ["no luck"]];
    assertEquals(await heardIn(program), expected);
  });
}

Deno.test("a scope that is left by another error has both", async () => {
  const error = await assertRejects(async () => {
    await using _ = counting(1, fail);
    throw new TypeError("something else");
  }, SuppressedError);
  assertEquals([error.error.message, error.suppressed.message], ["no luck", "something else"]);
});

Deno.test("a run that was stopped is no failure of anybody", async () => {
  const heard = await heardIn(async () => {
    {
      await using run = endless();
      void run.result;
    }
    const run = endless();
    for await (const _ of run) break;
    run.stop();
    const { result } = run;
    for (let i = 0; i < 3; i++) await turn();
    void result;
    void run.result;
  });
  assertEquals(heard, [[], []]);
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
  await using silent = new Run<number, string>(() => silence.promise, where);
  const waiting = silent[Symbol.asyncIterator]();
  const next = waiting.next();
  await waiting.return!();
  assertEquals(await next, { done: true, value: undefined });
  silence.resolve("done");
});

Deno.test("undefined is an event like others", async () => {
  await using run = new Run<undefined, void>(
    ({ emit }) => Promise.resolve(emit(undefined)),
    where,
  );
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
    await using _ = new Run<never, void>(async ({ signal }) => {
      while (!signal.aborted) await turn();
      await turn();
      ended = true;
    }, where);
  }
  assertEquals(ended, true);
});

Deno.test("of the events that wait for a slow iterator the oldest are dropped, and counted", async () => {
  const more = 25;
  await using run = counting(MOST_WAITING + more);
  const iterator = run[Symbol.asyncIterator]();
  await run.result;
  const next = async () => (await iterator.next()).value;
  assertEquals(await next(), { type: "missed", count: more });
  for (let i = more; i < MOST_WAITING + more; i++) assertEquals(await next(), i);
  assertEquals(await next(), undefined);
});

Deno.test("events that are missed again later are said again", async () => {
  const lull = Promise.withResolvers<void>();
  await using run = new Run<number, void>(async ({ emit }) => {
    for (let i = 0; i <= MOST_WAITING; i++) emit(i);
    await lull.promise;
    for (let i = 0; i < 3; i++) emit(-i);
  }, where);
  const iterator = run[Symbol.asyncIterator]();
  const next = async () => (await iterator.next()).value;
  assertEquals([await next(), await next()], [{ type: "missed", count: 1 }, 1]);
  lull.resolve();
  await run.result;
  assertEquals([await next(), await next()], [{ type: "missed", count: 2 }, 4]);
});

Deno.test("a run says where it is, before, while and after it works", async () => {
  const begun = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  const mean = [0.5];
  await using run = new Run<never, string, { readonly x: number }>(async ({ showWith }) => {
    await begun.promise;
    const shown = { ...NOTHING_YET, generation: 3, best: { x: 1 }, busy: 2, slots: 2 };
    const distribution = { mean, sigma: 1, axisRatio: 2 };
    showWith(() => ({ ...shown, state: "searching", distribution }));
    await ending.promise;
    return "done";
  }, { directory: "runs/a" });
  assertEquals(run.directory, "runs/a");
  const { elapsedSeconds: _, ...preparing } = run.snapshot();
  assertEquals(preparing, { ...NOTHING_YET, state: "preparing", directory: "runs/a" });
  begun.resolve();
  await turn();
  const searching = run.snapshot();
  mean[0] = 9;
  assertEquals(
    [searching.state, searching.best, searching.busy, searching.distribution?.mean],
    ["searching", { x: 1 }, 2, [0.5]],
    "what was shown does not change any more",
  );
  ending.resolve();
  await run.result;
  const { state, generation, elapsedSeconds } = run.snapshot();
  assertEquals([state, generation], ["finished", 3]);
  assertEquals(run.snapshot().elapsedSeconds, elapsedSeconds, "its time is over");
  const stopped = endless();
  stopped.stop();
  await assertRejects(() => stopped.result, RunStopped);
  assertEquals(stopped.snapshot().state, "stopped");
  const failed = counting(0, fail);
  await assertRejects(() => failed.result);
  assertEquals(failed.snapshot().state, "failed");
});
