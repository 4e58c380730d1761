import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Journal, readJournal } from "../../../actors/record/journal.ts";
import { RunStopped } from "../../../actors/population/run.ts";
import { loadTrain, uniformDisturbance } from "../../../datasets/mod.ts";
import { readWeights } from "../../../models/mod.ts";
import { type NetworkJob, Study, type StudySearch } from "../../../experiments/study/study.ts";
import { trainingOf } from "../../../actors/testing/training_options.ts";
import { ConfigurationError } from "../../../options.ts";
import { brief, noise, writeImages } from "../../actors/image_folder.ts";
import { small } from "../../actors/small_search.ts";

const { devices: _, ...options } = small;
const wanted: StudySearch = { label: "mddes", method: "mddes", options };

async function open(runs: string, signal?: AbortSignal): Promise<Study> {
  return await Study.open({
    name: "test",
    command: "deno task test",
    runs,
    devices: ["cpu"],
    engine: "auto",
    backend: "auto",
    ...(signal && { signal }),
  });
}

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function jobs(count: number): Promise<NetworkJob[]> {
  const { shape } = await loadTrain("synthetic");
  const training = trainingOf("graynet", "synthetic", {
    optimizer: "adam",
    batchSize: 16,
    epochs: 1,
    augmentation: "none",
  });
  return Array.from({ length: count }, (_, seed) => ({
    label: `network ${seed}`,
    dataset: "synthetic",
    disturbance: uniformDisturbance(seed, { classes: 10, pixels: 1, shape }),
    training,
    subset: { size: 32, seed: 1 },
    seed,
  }));
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Lines that were printed meanwhile. */
async function linesOf(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(line);
  try {
    await work();
  } finally {
    console.log = log;
  }
  return lines;
}

Deno.test("a search is done once, and a stopped one goes on", async () => {
  await using folder = await scratch();
  const stop = new AbortController();
  {
    using study = await open(folder.path, stop.signal);
    const searching = study.search(wanted);
    const directory = `${folder.path}/searches`;
    while (!journalOf(directory).includes("Evaluated")) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stop.abort();
    const error = await assertRejects(() => searching, RunStopped);
    assertEquals(error.message, "Stopped. To go on: deno task test");
  }
  using study = await open(folder.path);
  const lines = await linesOf(async () => {
    const found = await study.search(wanted);
    assertEquals(await study.search(wanted), found);
    const other = await study.search({ ...wanted, options: { ...options, seed: 12 } });
    assert(other.directory !== found.directory);
  });
  assertStringIncludes(lines[0]!, "mddes: searched in");
  assertEquals(lines[1], "mddes: searched before");
  assertEquals(names(`${folder.path}/searches`).length, 2);
});

function journalOf(searches: string): string {
  try {
    const [name] = names(searches);
    return Deno.readTextFileSync(`${searches}/${name}/journal.jsonl`);
  } catch {
    return "";
  }
}

Deno.test("a folder whose search is another one is refused with the difference", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  let directory = "";
  await linesOf(async () => ({ directory } = await study.search(wanted)));
  const path = `${directory}/config.json`;
  const text = Deno.readTextFileSync(path);
  Deno.writeTextFileSync(path, text.replace(`"epochs": 1`, `"epochs": 2`));
  const error = await assertRejects(() => study.search(wanted), ConfigurationError);
  assertStringIncludes(error.message, "expected epochs 1 in its config.json, received 2; delete");
  Deno.writeTextFileSync(path, "{");
  await assertRejects(() => study.search(wanted), ConfigurationError, "delete");
  Deno.writeTextFileSync(path, text);

  // The name says which images, and so does the journal.
  const journalPath = `${directory}/journal.jsonl`;
  const { events: [begun, ...events] } = await readJournal(journalPath);
  assert(begun?.type === "Begun");
  const configuration = { ...begun.configuration, imagesSha256: "0".repeat(64) };
  Deno.removeSync(journalPath);
  {
    await using journal = await Journal.open(journalPath, await readJournal(journalPath));
    for (const event of [{ ...begun, configuration }, ...events]) journal.append(event);
  }
  const refused = await assertRejects(() => study.search(wanted), ConfigurationError);
  assertStringIncludes(refused.message, "are not those that it was begun with; delete");
});

Deno.test("a network is trained once, and its file gives the same result", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  const [first, second, third] = await jobs(3);
  const before = await study.test([first!, second!, first!]);
  assertEquals(before[2]!.outcome, before[0]!.outcome);
  assertEquals(names(`${folder.path}/networks`).length, 2);
  const written = Deno.statSync(before[0]!.file).mtime;
  const lines = await linesOf(async () => {
    const after = await study.test([third!, first!, second!]);
    assertEquals(after.slice(1).map(({ outcome }) => outcome), [
      before[0]!.outcome,
      before[1]!.outcome,
    ]);
    assertEquals(after.map(({ job }) => job), [third, first, second]);
  });
  assertEquals(Deno.statSync(before[0]!.file).mtime, written);
  assertEquals(lines[0], "2 of 3 networks tested before");
  assert(/^network 2: [\d.]+ % of the clean test images$/.test(lines[1]!), lines[1]);
});

Deno.test("what came of other images is not found again", async () => {
  await using folder = await scratch();
  const dataset = `${folder.path}/images`;
  const runs = `${folder.path}/runs`;
  writeImages(dataset);
  const { devices: _, ...options } = brief;
  const search: StudySearch = { ...wanted, options: { ...options, dataset } };
  const [network] = await jobs(1);
  const shape = [1, 16, 16] as const;
  const job: NetworkJob = {
    ...network!,
    dataset,
    disturbance: uniformDisturbance(1, { classes: 2, pixels: 1, shape }),
    subset: { size: 20, seed: 1 },
  };
  const once = async () => {
    using study = await open(runs);
    let [directory, file] = ["", ""];
    await linesOf(async () => {
      ({ directory } = await study.search(search));
      file = (await study.test([job]))[0]!.file;
    });
    return { directory, file };
  };
  const first = await once();
  assertEquals(await once(), first);
  const isSame = async () => {
    const { directory, file } = await once();
    return [directory === first.directory, file === first.file];
  };
  // A search does not see the test images; the test of a network sees both halves.
  const [trained, tested] = ["train", "test"].map((half) => `${dataset}/${half}/ant/0.png`);
  Deno.writeFileSync(tested!, noise(1000));
  assertEquals(await isSame(), [true, false]);
  Deno.writeFileSync(tested!, noise(0));
  assertEquals(await isSame(), [true, true]);
  Deno.writeFileSync(trained!, noise(1000));
  assertEquals(await isSame(), [false, false]);
  assertEquals(names(`${runs}/searches`).length, 2);
  assertEquals(names(`${runs}/networks`).length, 3);
});

Deno.test("weights are kept where they are asked for, by now or by then", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  const [job] = await jobs(1);
  await linesOf(async () => {
    const [without] = await study.test([job!]);
    assertEquals(without!.weights, undefined);
    const [kept] = await study.test([{ ...job!, weights: true }]);
    assertEquals(kept!.outcome.type, "TestScores");
    const { parameters, metadata } = await readWeights(kept!.weights!);
    assertEquals(metadata, { network: "graynet" });
    assertEquals(parameters.length, 8);
    const written = Deno.statSync(kept!.weights!).mtime;
    const [again] = await study.test([{ ...job!, weights: true }]);
    assertEquals(again!.weights, kept!.weights);
    assertEquals(Deno.statSync(kept!.weights!).mtime, written);
  });
});

Deno.test("what was tested before a stop is kept", async () => {
  await using folder = await scratch();
  const stop = new AbortController();
  const all = await jobs(12);
  using study = await open(folder.path, stop.signal);
  study.print = () => stop.abort();
  await assertRejects(() => study.test(all), RunStopped, "To go on: deno task test");
  const kept = names(`${folder.path}/networks`).length;
  assert(kept >= 1 && kept < 12, `${kept}`);
  assert(names(`${folder.path}/networks`).every((name) => /^[0-9a-f]{16}\.json$/.test(name)));
});

Deno.test("a stop before anything has begun says how to go on, too", async () => {
  await using folder = await scratch();
  using study = await open(folder.path, AbortSignal.abort());
  const [job] = await jobs(1);
  for (const work of [() => study.search(wanted), () => study.test([job!])]) {
    await assertRejects(work, RunStopped, "To go on: deno task test");
  }
});

Deno.test("a damaged file of a network is one line that says what to delete", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  const [job] = await jobs(1);
  let file = "";
  await linesOf(async () => file = (await study.test([job!]))[0]!.file);
  const text = Deno.readTextFileSync(file);
  const cases = [
    [text.slice(0, 100), "it is not whole"],
    [text.replace(/"testAccuracy": [\d.]+/, `"testAccuracy": 7`), "testAccuracy"],
    [text.replace(`"seed": 0`, `"seed": 5`), "another question"],
    ["[]", "format"],
  ] as const;
  for (const [content, message] of cases) {
    Deno.writeTextFileSync(file, content);
    const error = await assertRejects(() => study.test([job!]), ConfigurationError, message);
    assertStringIncludes(error.message, `${file}: `);
    assertStringIncludes(error.message, "delete it");
    assert(!error.message.includes("\n"));
  }
});

Deno.test("more images than there are is one line, before anything is trained", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  const [job] = await jobs(1);
  const greedy = { ...job!, subset: { size: 10_001, seed: 1 } };
  const message = "Cannot train on 10001 images of synthetic: it has 10000 training images";
  await assertRejects(() => study.test([greedy]), ConfigurationError, message);
  await assertRejects(
    () => study.plan({ searches: [], networks: [greedy] }),
    ConfigurationError,
    message,
  );
});

Deno.test("a training that diverges is a result, and is not tried again", async () => {
  await using folder = await scratch();
  using study = await open(folder.path);
  const [job] = await jobs(1);
  const wild = trainingOf("graynet", "synthetic", {
    optimizer: "sgd",
    learningRate: 1e4,
    batchSize: 4,
    epochs: 10,
    augmentation: "none",
  });
  for (
    const expected of ["network 0: failed: Training diverged", "1 of 1 networks tested before"]
  ) {
    const lines = await linesOf(async () => {
      const [tested] = await study.test([{ ...job!, training: wild }]);
      assertEquals(tested!.outcome.type, "TestFailed");
    });
    assertStringIncludes(lines[0]!, expected);
  }
});
