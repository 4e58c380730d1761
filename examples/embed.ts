/**
 * A search inside a program of your own: three generations on generated images, in seconds.
 *
 *     deno run --allow-all examples/embed.ts
 *
 * @module
 */
import { search } from "../mod.ts";

export async function evolve(directory: string): Promise<string> {
  await using run = search({
    dataset: "synthetic",
    network: "graynet",
    trainSize: 100,
    epochs: 1,
    discriminatorSize: 50,
    discriminatorEpochs: 1,
    population: 4,
    generations: 3,
    finalists: 1,
    finalistRepeats: 1,
    devices: ["cpu", "cpu"],
    seed: 7,
    directory,
  });
  for await (const event of run) {
    if (event.type !== "generation") continue;
    console.log(`generation ${event.generation}: ${event.bestSoFar?.toFixed(3)}`);
  }
  const { best } = await run.result;
  return best.disturbance.classes
    .map((pixels, label) => `class ${label}: row ${pixels[0]!.row}, column ${pixels[0]!.column}`)
    .join("\n");
}

if (import.meta.main) console.log(await evolve(`${Deno.makeTempDirSync()}/run`));
