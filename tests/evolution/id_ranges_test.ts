import { assertEquals } from "@std/assert";
import { addIds, hasId, type IdRanges } from "../../evolution/id_ranges.ts";
import { Random } from "../../random.ts";

Deno.test("runs of ids are kept as where they begin and end", () => {
  assertEquals(addIds([], [4, 9, 3], 0), [3, 5, 9, 10]);
  assertEquals(addIds([3, 5, 9, 10], [5, 8, 6, 7], 0), [3, 10]);
  assertEquals(addIds([3, 10, 20, 21], [], 5), [5, 10, 20, 21]);
  assertEquals(addIds([3, 10, 20, 21], [], 10), [20, 21]);
});

Deno.test("ids in any order are known exactly as a set knows them", () => {
  const random = new Random(1);
  for (let round = 0; round < 50; round++) {
    const known = new Set<number>();
    let ranges: IdRanges = [];
    for (let step = 0; step < 10; step++) {
      const ids = Array.from({ length: 6 }, () => random.integer(40))
        .filter((id, i, all) => !known.has(id) && all.indexOf(id) === i);
      const oldest = 2 * step;
      ranges = addIds(ranges, ids, oldest);
      for (const id of ids) known.add(id);
      for (const id of known) if (id < oldest) known.delete(id);
      for (let id = -1; id <= 40; id++) assertEquals(hasId(ranges, id), known.has(id), `${id}`);
    }
  }
});
