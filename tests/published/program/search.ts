/** Searches of seconds: on workers, and in processes, with a term of this program's own. */
import { search } from "@mddes/mddes";

const [directory, dataset, isolation] = Deno.args as [string, string, "worker" | "process"];
await using run = search({
  dataset,
  isolation,
  network: new URL("./network.ts", import.meta.url).href,
  terms: [`${new URL("./term.ts", import.meta.url).href}=0.001`],
  trainSize: 32,
  batchSize: 16,
  epochs: 1,
  discriminatorSize: 20,
  discriminatorEpochs: 1,
  population: 4,
  generations: 1,
  finalists: 1,
  finalistRepeats: 0,
  devices: ["cpu"],
  seed: 11,
  directory,
});
const { best, directory: folder } = await run.result;
const [, first] = (await Deno.readTextFile(`${folder}/candidates.csv`)).split("\r\n");
console.log(`${best.disturbance.classes.length} classes, own term ${first!.split(",").at(-2)}`);
