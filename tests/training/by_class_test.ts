import { assertEquals } from "@std/assert";
import { syntheticSplit } from "../../datasets/mod.ts";
import { groupByClass, measureGroups } from "../../training/by_class.ts";

const split = syntheticSplit("train", { count: 30, shape: [1, 4, 4], seed: 1 });
const all = Uint32Array.from({ length: 30 }, (_, index) => index);

Deno.test("each image is in the group of its class, in order", () => {
  const groups = groupByClass(split, all);
  assertEquals(groups.length, 10);
  groups.forEach((group, label) =>
    assertEquals(
      [...group],
      [...all].filter((index) => split.labels[index] === label),
    )
  );
});

Deno.test("means over all images weigh each group by its size; an empty one has these means", async () => {
  const groups = [[1, 2, 3], [], [10]].map((group) => Uint32Array.from(group));
  const measure = (group: Uint32Array) =>
    Promise.resolve({ loss: group.reduce((sum, value) => sum + value, 0) / group.length });
  assertEquals(await measureGroups(groups, measure), {
    whole: { loss: 4 },
    each: [{ loss: 2 }, { loss: 4 }, { loss: 10 }],
  });
});

Deno.test("one group is measured once, as it is", async () => {
  let calls = 0;
  const measure = () => Promise.resolve({ loss: 0.1 + calls++ });
  const { whole, each } = await measureGroups([all], measure);
  assertEquals([whole, each, calls], [{ loss: 0.1 }, [{ loss: 0.1 }], 1]);
});
