import { assert, assertEquals } from "@std/assert";
import { type RecordedEvent, start } from "../../../actors/population/recorder.ts";
import type { ToRecorder } from "../../../actors/population/protocol.ts";
import type { Evaluated, GenerationDone } from "../../../actors/record/facts.ts";
import { Journal, readJournal } from "../../../actors/record/journal.ts";
import { MemoryFiles } from "../../../actors/record/memory_files.ts";
import { Tables } from "../../../actors/record/tables.ts";
import { createActorSystem, VirtualClock } from "../../../actors/runtime/mod.ts";

function evaluated(candidate: number): Evaluated {
  return {
    type: "Evaluated",
    generation: 0,
    candidate,
    repeat: 0,
    seed: 1,
    distribution: 0,
    age: 0,
    status: "ok",
    fitness: 1,
    scores: {},
    timings: {},
    reason: null,
  };
}

const DONE: GenerationDone = {
  type: "GenerationDone",
  generation: 0,
  evaluations: 3,
  wasted: 0,
  sigma: 1,
  axisRatio: 1,
  bestFitness: 1,
  medianFitness: 1,
  worstFitness: 1,
  bestSoFar: 1,
  means: {},
};

Deno.test("nothing is shown before its event is on the disk and its row is in the table", async () => {
  const clock = new VirtualClock();
  const files = new MemoryFiles({ clock, syncMs: 10 });
  const rowsOf = (table: string) =>
    new TextDecoder().decode(files.read(`/${table}`)).split("\r\n").length - 2;
  const seen: { event: RecordedEvent; at: number; synced: number; rows: number }[] = [];
  const search = async () => {
    using tables = new Tables("", 3, [], files);
    await using journal = await Journal.open("j", await readJournal("j", files), files);
    await using system = createActorSystem({ clock });
    const supervisor = await system.supervise({
      name: "search",
      children: [{
        id: "recorder",
        start,
        init: {
          journal,
          tables,
          onEvent: (event: RecordedEvent) =>
            seen.push({
              event,
              at: clock.now(),
              synced: journal.synced,
              rows: rowsOf(event.type === "Evaluated" ? "candidates.csv" : "generations.csv"),
            }),
          onDone: () => {},
        },
      }],
    });
    const recorder = supervisor.ref<ToRecorder>("recorder");
    const messages: ToRecorder[] = [evaluated(1), evaluated(0), evaluated(2), DONE];
    for (const message of messages) await system.send(recorder, message);
    await system.send(recorder, { type: "SearchDone", winner: null });
  };
  await clock.runUntil(search());
  const shown = seen.map(({ event }) => "candidate" in event ? event.candidate : event.type);
  assertEquals(shown, [1, 0, 2, "GenerationDone"]);
  const [early, first, last, generation] = seen;
  assert(early!.synced >= 1 && first!.synced >= 2 && last!.synced === 3);
  assert(first!.rows >= 2, "a row is not in the table that was shown");
  assertEquals([last!.rows, generation!.rows], [3, 1]);
  assert(new Set(seen.map(({ at }) => at)).size < seen.length, "each row had a sync of its own");
});
