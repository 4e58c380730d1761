/**
 * Actors of one's own, rehearsed on a virtual clock: a crash, a restart and a slow peer, in no time.
 *
 *     deno run examples/rehearsal.ts
 *
 * @module
 */
import {
  type ActorRef,
  createActorSystem,
  RequestError,
  sleep,
  type Start,
  VirtualClock,
} from "../actors/runtime/mod.ts";

type Print = { readonly type: "Print"; readonly page: number };
type Printed = { readonly type: "Printed" };

/** Prints a page in so many milliseconds, and crashes on its third. */
const printer: Start<number, Print, Printed> = (pageMs) => {
  let pages = 0;
  return {
    async receive(_message, context) {
      await sleep(context.clock, pageMs);
      if (++pages === 3) throw new Error("out of paper");
      context.reply({ type: "Printed" });
    },
  };
};

/** Prints four pages on a good printer and one on a slow one, and says what happened when. */
export async function rehearse(): Promise<string[]> {
  const clock = new VirtualClock();
  const story: string[] = [];
  const tell = (what: string) => story.push(`${clock.now() / 1000} s: ${what}`);
  const system = createActorSystem({
    clock,
    onEvent: (event) => event.type === "started" && tell(`${event.actor} is ready`),
  });
  const print = async (printer: ActorRef<Print, Printed>, page: number) => {
    try {
      await system.request(printer, { type: "Print", page }, { timeoutMs: 60_000 });
      tell(`page ${page} is printed`);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      tell(`page ${page} is lost: ${error.failure}`);
    }
  };
  const work = async () => {
    const office = await system.supervise({
      name: "office",
      backoff: { initialMs: 500, factor: 1, maxMs: 500 },
      children: [
        { id: "good", start: printer, init: 2000 },
        { id: "slow", start: printer, init: 3_600_000 },
      ],
    });
    for (const page of [1, 2, 3, 4]) await print(office.ref("good"), page);
    await print(office.ref("slow"), 5);
    await system.stop();
  };
  await clock.runUntil(work()); // time passes only as far as somebody waits for it
  return story;
}

if (import.meta.main) console.log((await rehearse()).join("\n"));
