import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  ConfigurationError,
  minimize,
  openRun,
  type RecordedSearch,
  resume,
  search,
  type SearchOptions,
} from "../../mod.ts";
import { replaySearch } from "../../actors/search.ts";
import { brief, writeImages } from "./image_folder.ts";
import { COMPARABLE, finishedCopy, readFiles, single, stopAfter } from "./small_search.ts";

/** A search to its end: the means of its first and its last distribution. */
async function meansOf(options: SearchOptions, directory: string) {
  await using run = search({ ...options, directory });
  let first: readonly number[] | null | undefined;
  for await (const { type } of run) {
    if (type === "started") first = run.snapshot().distribution?.mean;
  }
  await run.result;
  return { first, last: run.snapshot().distribution?.mean };
}

async function opened(directory: string): Promise<RecordedSearch> {
  const run = await openRun(directory);
  if (run.kind !== "search") throw new Error(`${directory} is no search`);
  return run;
}

/** What a run says of its start. */
async function startOf(directory: string) {
  return (await opened(directory)).configuration.warmStart;
}

async function refusal(options: SearchOptions, directory: string): Promise<string> {
  await using run = search({ ...options, directory });
  const { message } = await assertRejects(() => run.result, ConfigurationError);
  assertEquals([message.split("\n").length, exists(directory)], [1, false]);
  return message;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

Deno.test("a search begins where one with another network, strategy and training ended", async () => {
  const root = Deno.makeTempDirSync();
  const { last } = await meansOf(single, `${root}/a`);
  const { first } = await meansOf({
    ...single,
    network: "colornet",
    strategy: "class-wise",
    mode: "async",
    generations: 1,
    seed: 12,
    warmStart: `${root}/a`,
  }, `${root}/b`);
  assertEquals(await startOf(`${root}/b`), { run: `${root}/a`, mean: last! });
  assertEquals(first, last);
});

Deno.test("images of another size are fine, and a run that was warm itself", async () => {
  const root = Deno.makeTempDirSync();
  const ends: unknown[] = [];
  const starts: unknown[] = [];
  for (const [index, size] of [16, 20, 24].entries()) {
    writeImages(`${root}/images-${size}`, size);
    const options = { ...brief, generations: 2, dataset: `${root}/images-${size}` };
    const warm = index === 0 ? {} : { warmStart: `${root}/${index - 1}` };
    const { last } = await meansOf({ ...options, ...warm }, `${root}/${index}`);
    ends.push(last);
    starts.push((await startOf(`${root}/${index}`) as { mean: unknown } | undefined)?.mean);
  }
  assertEquals(starts, [undefined, ...ends.slice(0, 2)]);
});

Deno.test("where no mean was learned, the start is the winner, or the best so far", async () => {
  const root = Deno.makeTempDirSync();
  const others: [string, SearchOptions][] = [
    ["random", { strategy: "random" }],
    ["restarts", { restarts: "ipop" }],
    ["stopped", { strategy: "random" }],
  ];
  for (const [name, options] of others) {
    const stop = new AbortController();
    await using other = search({
      ...single,
      ...options,
      directory: `${root}/${name}`,
      signal: stop.signal,
    });
    for await (const event of other) {
      if (name === "stopped" && event.type === "generation") stop.abort();
    }
    const { best, candidates } = await opened(`${root}/${name}`);
    assertEquals(best === null, name === "stopped");
    const [first] = candidates.toSorted((a, b) => b.fitness! - a.fitness!);
    const warm = `${root}/${name}-warm`;
    await using run = search({
      ...single,
      generations: 1,
      finalistRepeats: 0,
      warmStart: `${root}/${name}`,
      directory: warm,
    });
    await run.result;
    const { mean } = await startOf(warm) as { mean: readonly number[] };
    assertEquals(mean, (best ?? first)!.genome);
  }
});

Deno.test("the other run may be gone: the search resumes, replays and is begun again", async () => {
  const root = Deno.makeTempDirSync();
  await finishedCopy(`${root}/a`);
  const options: SearchOptions = { ...single, seed: 3, warmStart: `${root}/a` };
  await meansOf(options, `${root}/whole`);
  await stopAfter(6, { ...options, directory: `${root}/stopped` });
  Deno.removeSync(`${root}/a`, { recursive: true });

  await using again = resume(`${root}/stopped`);
  await again.result;
  const { configuration } = await opened(`${root}/whole`);
  await meansOf(configuration, `${root}/again`);
  for (const name of ["stopped", "again"]) {
    assertEquals(readFiles(`${root}/${name}`, COMPARABLE), readFiles(`${root}/whole`, COMPARABLE));
    const tables = await replaySearch(`${root}/${name}`);
    assertEquals(tables.filter(({ differsAt }) => differsAt !== null), []);
  }
});

Deno.test("a run that cannot be the start is refused in one line, and nothing is written", async () => {
  const root = Deno.makeTempDirSync();
  await finishedCopy(`${root}/a`);
  writeImages(`${root}/gray`);
  writeImages(`${root}/colour`, 16, 3);
  const small: SearchOptions = { ...brief, dataset: `${root}/gray` };
  await meansOf(small, `${root}/b`);
  await using minimized = minimize({
    evaluator: new URL("./objectives/sphere.ts", import.meta.url),
    mean: [0, 0],
    generations: 1,
    directory: `${root}/minimized`,
  });
  await minimized.result;

  const copies: [string, string, (text: string) => string][] = [
    ["unbegun", "journal.jsonl", (text) => text.slice(0, text.indexOf("\n") + 1)],
    ["edited", "config.json", (text) => text.replace('"sigma": 0.3', '"sigma": 0.2')],
  ];
  for (const [name, file, change] of copies) {
    await finishedCopy(`${root}/${name}`);
    const path = `${root}/${name}/${file}`;
    Deno.writeTextFileSync(path, change(Deno.readTextFileSync(path)));
  }

  const cases: [SearchOptions, string][] = [
    [{ ...single, warmStart: `${root}/none` }, "expected the folder of a run"],
    [{ ...single, warmStart: `${root}/minimized` }, "expected format 1 of a search"],
    [{ ...single, warmStart: `${root}/a`, pixels: 2 }, "expected pixels 2, as in this search, rec"],
    [
      { ...single, warmStart: `${root}/a`, perturbation: "replace" },
      "expected perturbation replace, as in this search, received perturbation add",
    ],
    [{ ...single, warmStart: `${root}/b` }, "expected 10 classes, as in this search, received 2 c"],
    [
      { ...brief, dataset: `${root}/colour`, warmStart: `${root}/b` },
      "expected 3 channels, as in this search, received 1 channels",
    ],
    [{ ...single, warmStart: `${root}/unbegun` }, "expected a generation with a result"],
    [{ ...single, warmStart: `${root}/edited` }, "sigma was 0.3 and is 0.2"],
    [
      { ...single, warmStart: { run: "x", mean: [0.5] } },
      "expected a mean of 30 numbers, received 1",
    ],
    [
      { ...single, warmStart: { run: "x", mean: new Array(30).fill(1.5) } },
      "expected a mean in [0, 1], received 1.5 at coordinate 0",
    ],
  ];
  for (const [options, message] of cases) {
    const received = await refusal(options, `${root}/run`);
    assertStringIncludes(received, "Cannot start from the run in /");
    assertStringIncludes(received, message);
  }
  for (const warmStart of ["", 7, { run: "x" }, { run: "x", mean: ["1"] }]) {
    const options = { ...single, warmStart } as SearchOptions;
    assertStringIncludes(
      await refusal(options, `${root}/run`),
      "Option warmStart must be the path of a run, or what config.json of a search has in its place",
    );
  }

  Deno.removeSync(`${root}/gray/train/ant/0.png`);
  assertStringIncludes(
    await refusal({ ...small, warmStart: `${root}/b` }, `${root}/run`),
    "the training images of",
  );
});
