import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { evolve } from "../../examples/embed.ts";
import { searchPruned } from "../../examples/pruner.ts";
import { rehearse } from "../../examples/rehearsal.ts";
import { descend } from "../../examples/rosenbrock.ts";

Deno.test("the embedding example finds a pixel for each class", async () => {
  const folder = await Deno.makeTempDir();
  const text = await evolve(`${folder}/run`);
  assertEquals(text.split("\n").length, 10);
  assert(text.startsWith("class 0: row "));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the objective example finds the minimum", async () => {
  const folder = await Deno.makeTempDir();
  const { x, value } = await descend(`${folder}/run`);
  assert(value < 1e-3, `the value is ${value}`);
  for (const coordinate of x) assertAlmostEquals(coordinate, 1, 0.1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the example of a pruner ends some candidates early", async () => {
  const folder = await Deno.makeTempDir();
  const { pruned, all } = await searchPruned(`${folder}/run`);
  assertEquals(all, 24);
  assert(pruned > 0 && pruned < 18, `${pruned} were pruned`);
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "the example of a rehearsal tells when what happened, with no permission at all",
  permissions: "none",
  async fn() {
    assertEquals(await rehearse(), [
      "0 s: office/good is ready",
      "0 s: office/slow is ready",
      "2 s: page 1 is printed",
      "4 s: page 2 is printed",
      "6 s: page 3 is lost: exited",
      "6.5 s: office/good is ready",
      "8.5 s: page 4 is printed",
      "68.5 s: page 5 is lost: timeout",
    ]);
  },
});
