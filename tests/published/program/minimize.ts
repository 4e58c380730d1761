import { minimize } from "@mddes/mddes";

const [directory] = Deno.args as [string];
await using run = minimize({
  evaluator: new URL("./objective.ts", import.meta.url),
  mean: [1, 1],
  sigma: 0.5,
  generations: 20,
  finalists: 1,
  finalistRepeats: 0,
  workers: 2,
  seed: 1,
  directory,
});
const { value } = await run.result;
console.log(value < 0.01);
