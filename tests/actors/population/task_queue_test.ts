import { assertEquals } from "@std/assert";
import { type Task, TaskQueue } from "../../../actors/population/task_queue.ts";
import type { Sampled } from "../../../actors/record/facts.ts";

function evaluations(count: number, generation = 0): Sampled[] {
  return Array.from({ length: count }, (_, candidate) => ({
    type: "Sampled",
    generation,
    candidate,
    repeat: 0,
    seed: 1,
    draw: { x: [], version: 0 },
  }));
}

const nameOf = (task: Task | undefined) => task && `${task.part}${task.sampled.candidate}`;

/** All that are left, in the order in which somebody who can do everything takes them. */
function names(queue: TaskQueue, parts: readonly string[]): string[] {
  const found: string[] = [];
  for (let task = queue.take(new Set(parts)); task; task = queue.take(new Set(parts))) {
    found.push(nameOf(task)!);
  }
  return found;
}

Deno.test("the later parts of a candidate come as many places later as there are slots", () => {
  const queue = new TaskQueue(["train", "score"], 2);
  queue.add(evaluations(4), 0);
  const expected = "train0 train1 train2 score0 train3 score1 score2 score3";
  assertEquals(names(queue, ["train", "score"]).join(" "), expected);
});

Deno.test("what is added later comes behind, and what is tried again before all others", () => {
  const queue = new TaskQueue(["train", "score"], 2);
  queue.add(evaluations(1, 0), 0);
  queue.add(evaluations(1, 1), 0);
  const first = queue.take(new Set(["train"]))!;
  const second = queue.take(new Set(["score"]))!;
  queue.again(first, 10);
  queue.again(second, 20);
  const again = queue.take(new Set(["train", "score"]))!;
  assertEquals([nameOf(again), again.attempt, again.queuedAt], ["score0", 2, 20]);
  assertEquals(queue.take(new Set(["train", "score"]))!.sampled.generation, 0);
  assertEquals(names(queue, ["train", "score"]), ["train0", "score0"]);
});

Deno.test("who can do one part takes the first of that part", () => {
  const queue = new TaskQueue(["train", "score"], 5);
  queue.add(evaluations(3), 0);
  assertEquals([queue.has(new Set(["score"])), queue.has(new Set(["other"]))], [true, false]);
  assertEquals(names(queue, ["score"]), ["score0", "score1", "score2"]);
  assertEquals([queue.has(new Set(["score"])), queue.has(new Set(["train"]))], [false, true]);
  assertEquals(queue.take(new Set()), undefined);
});
