import { assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

/** How a program begins a run that would last long. */
const begins = {
  "a search": (isolation: string, folder: string, more: string) =>
    `search({
      dataset: "synthetic", trainSize: 20, batchSize: 10, epochs: 1, divergenceWeight: 0,
      population: 2, generations: 1000, devices: ["cpu"], isolation: "${isolation}",
      directory: ${folder}, ${more}
    })`,
  "a run of minimize": (isolation: string, folder: string, more: string) =>
    `minimize({
      evaluator: new URL("tests/actors/objectives/slow_sphere.ts", "${root}"), mean: [1, 1],
      population: 2, generations: 1000, workers: 1, isolation: "${isolation}",
      directory: ${folder}, ${more}
    })`,
};

/** A program that stops a run after its first generation in each way there is, and does no more. */
function programOf(begin: (folder: string, more: string) => string): string {
  const isFirst = 'event.type === "generation"';
  return `import { minimize, RunStopped, search } from "${root}mod.ts";
const folder = Deno.args[0];
{
  await using run = ${begin("`${folder}/break`", "")};
  for await (const event of run) if (${isFirst}) break;
}
{
  const run = ${begin("`${folder}/stop`", "")};
  for await (const event of run) if (${isFirst}) run.stop();
}
{
  const stop = new AbortController();
  const run = ${begin("`${folder}/signal`", "signal: stop.signal")};
  run.result.catch((error) => {
    if (!(error instanceof RunStopped)) throw error;
  });
  for await (const event of run) if (${isFirst}) stop.abort();
}
{
  await using run = ${begin("`${folder}/scope`", "")};
  const iterator = run[Symbol.asyncIterator]();
  for (let event; event?.type !== "generation";) event = (await iterator.next()).value;
}
console.log("the last line");
`;
}

for (const [what, begin] of Object.entries(begins)) {
  for (const isolation of ["worker", "process"]) {
    Deno.test(`a program that stopped ${what} ends by itself: ${isolation}`, async () => {
      const folder = await Deno.makeTempDir();
      try {
        const program = `${folder}/program.ts`;
        await Deno.writeTextFile(program, programOf((...rest) => begin(isolation, ...rest)));
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "--no-prompt", "--no-check", "--allow-all", "--config"]
            .concat(`${root.pathname}deno.json`, program, folder),
          env: { NO_COLOR: "1" },
          signal: AbortSignal.timeout(120_000),
        }).output();
        const [said, complained] = [stdout, stderr].map((each) => new TextDecoder().decode(each));
        assertEquals([code, said, complained], [0, "the last line\n", ""]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}
