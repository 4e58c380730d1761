import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Random } from "../../random.ts";
import { Level } from "../../simulation/level.ts";

Deno.test("a level knows its area, its maximum and its course", () => {
  const level = new Level();
  level.change(2, 10);
  level.change(3, 20);
  level.change(9, 30);
  level.change(-13, 30); // what takes no time does not count
  assertEquals(level.value, 1);
  assertEquals(level.max, 5);
  assertEquals(level.areaUntil(40), 2 * 10 + 5 * 10 + 1 * 10);
  assertEquals(
    level.courseUntil(40).filter((_, index) => index % 10 === 5),
    [[5, 0], [15, 2], [25, 5], [35, 1]].map(([startMs, mean]) => ({ startMs, mean })),
  );
});

Deno.test("however long it takes, the course has few stretches and the same area", () => {
  const random = new Random(7);
  const level = new Level();
  let [now, value, area] = [0, 0, 0];
  for (let i = 0; i < 5000; i++) {
    const next = now + 1000 * random.uniform() ** 4;
    area += value * (next - now);
    now = next;
    const by = random.integer(11) - Math.min(5, value);
    value += by;
    level.change(by, now);
  }
  const course = level.courseUntil(now);
  assert(course.length > 100 && course.length <= 512, `${course.length} stretches`);
  const ends = course.map((_, index) => course[index + 1]?.startMs ?? now);
  const sum = course.reduce(
    (total, { startMs, mean }, index) => total + mean * (ends[index]! - startMs),
    0,
  );
  assertAlmostEquals(sum / area, 1, 1e-9);
  assertAlmostEquals(level.areaUntil(now) / area, 1, 1e-9);
});

Deno.test("at its start a level has no course", () => {
  assertEquals(new Level().courseUntil(0), []);
  assertEquals(new Level().areaUntil(0), 0);
});
