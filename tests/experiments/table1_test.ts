import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { RunStopped } from "../../actors/population/run.ts";
import type { Experiment } from "../../experiments/study/experiment.ts";
import { PRESETS } from "../../experiments/presets/mod.ts";
import { Study } from "../../experiments/study/study.ts";
import { runTable1 } from "../../experiments/table1.ts";
import type { Table1 } from "../../experiments/table1/cells.ts";
import { rowsOf } from "../../experiments/table1/rows.ts";
import { findingsText, writeFindings } from "../../experiments/findings/findings.ts";
import { table1Findings } from "../../experiments/table1/findings.ts";
import { table1Tables } from "../../experiments/table1/tables.ts";
import { small } from "../actors/small_search.ts";
import { ConfigurationError } from "../../options.ts";
import { png, writeFiles } from "../datasets/png_folder.ts";
import { checkInBrowser } from "./readable_page.ts";

const { dataset: _dataset, devices: _devices, seed: _seed, ...search } = small;
const preset = {
  dataset: "synthetic",
  search: { ...search, network: "graynet", population: 4, generations: 1 },
  networks: ["graynet"],
  training: {
    trainSize: 32,
    epochs: 1,
    batchSize: 16,
    optimizer: "adam",
    augmentation: "none",
  },
  pixels: [1],
  repeats: 2,
  uniformDraws: 2,
} as const;

async function tiny(directory: string, signal?: AbortSignal): Promise<Experiment> {
  const study = await Study.open({
    name: "table1",
    command: "deno task table1 --preset small",
    runs: directory,
    devices: ["cpu"],
    engine: "auto",
    backend: "auto",
    ...(signal && { signal }),
  });
  const datasets = [preset.dataset];
  return { name: "table1", presetName: "smoke", preset, datasets, seed: 3, directory, study };
}

/** The files of networks, and when they were written. */
function networkFiles(runs: string): Map<string, number> {
  const folder = `${runs}/networks`;
  return new Map(
    [...Deno.readDirSync(folder)].map(({ name }) => [
      name,
      Deno.statSync(`${folder}/${name}`).mtime!.getTime(),
    ]),
  );
}

/** Lines that were printed meanwhile. */
async function linesOf<T>(work: () => Promise<T>): Promise<[T, string[]]> {
  const lines: string[] = [];
  const log = console.log;
  console.log = (line: string) => lines.push(...line.split("\n"));
  try {
    return [await work(), lines];
  } finally {
    console.log = log;
  }
}

Deno.test("a stopped table goes on and repeats nothing; its files have every row and network", async (test) => {
  const folder = await Deno.makeTempDir();
  const stop = new AbortController();
  {
    const { study, ...rest } = await tiny(folder, stop.signal);
    using _ = study;
    const print = study.print.bind(study);
    let parts = 0;
    study.print = (line) => {
      print(line);
      if (line.startsWith("repeat") && ++parts === 13) stop.abort();
    };
    const error = await assertRejects(
      () => linesOf(() => runTable1({ ...rest, study })),
      RunStopped,
    );
    assertEquals(error.message, "Stopped. To go on: deno task table1 --preset small");
  }
  const kept = networkFiles(folder);
  assert(kept.size >= 3 && kept.size < 16, `${kept.size} networks`);
  const [table, lines] = await linesOf(async () => runTable1(await tiny(folder)));
  assertEquals(lines.filter((line) => line.endsWith("searched before")).length, 10);
  assert(lines.some((line) => line.startsWith(`${kept.size} of `)), lines.join("\n"));
  const after = networkFiles(folder);
  for (const [name, written] of kept) assertEquals(after.get(name), written);

  write(folder, table);
  await checkInBrowser(test, `${folder}/report.html`);
  const read = (name: string) =>
    parse(Deno.readTextFileSync(`${folder}/${name}`), { skipFirstRow: true });
  const rows = rowsOf(preset.pixels);
  assertEquals(read("table1.csv").length, rows.length);
  const networks = read("networks.csv");
  assertEquals(networks.length, 2 * (rows.length + 1), "two uniform draws");
  // Methods are paired: a repeat has one training seed, and draws of its own.
  for (const repeat of ["0", "1"]) {
    const seeds = networks.filter((row) => row.repeat === repeat).map(({ seed }) => seed);
    assertEquals(new Set(seeds).size, 1);
  }
  const uniform = networks.filter(({ method, pixels }) => method === "uniform" && pixels === "1");
  assertEquals(new Set(uniform.map(({ file }) => file)).size, 4);
  assertEquals(
    networks.filter(({ search }) => search !== "").length,
    10,
    "searched rows name their run",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("images that a baseline cannot disturb are refused before anything is searched", async () => {
  const folder = await Deno.makeTempDir();
  const dataset = `${folder}/images`;
  for (const half of ["train", "test"]) {
    for (let label = 10; label < 30; label++) {
      const image = png({ width: 16, height: 16 });
      writeFiles(`${dataset}/${half}/${label}`, { "0.png": image, "1.png": image });
    }
  }
  const experiment = await tiny(`${folder}/runs`);
  using _ = experiment.study;
  await assertRejects(
    () => runTable1({ ...experiment, preset: { ...preset, dataset } }),
    ConfigurationError,
    "Cannot encode the class in the left-most column: expected at most 16 classes, received 20",
  );
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["images"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Ctrl-C ends the command, and it says what to type to go on", async () => {
  const runs = `${Deno.makeTempDirSync()}/all runs`;
  const args = ["--preset", "smoke", "--dataset", "synthetic", "--runs", runs];
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", "experiments/table1.ts", ...args],
    cwd: new URL("../..", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let seen = "";
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (!seen.includes("searches, then")) seen += (await reader.read()).value ?? "";
  process.kill("SIGINT");
  while (!(await reader.read()).done);
  const [{ code }, stderr] = await Promise.all([
    process.status,
    new Response(process.stderr).text(),
  ]);
  assertEquals(code, 130, stderr);
  assertStringIncludes(
    stderr,
    `Stopped. To go on: deno task table1 --preset smoke --dataset synthetic --runs '${runs}'\n`,
  );
});

function textOf(table: Table1): string {
  return findingsText(table1Findings(table));
}

function write(directory: string, table: Table1): void {
  writeFindings(directory, "table1", table1Findings(table), table1Tables(table));
}

function outcomeOf(testAccuracy: number | null): TestOutcome {
  if (testAccuracy === null) return { type: "TestFailed", reason: "Training diverged" };
  return {
    type: "TestScores",
    testAccuracy,
    testLoss: 1,
    perturbedAccuracy: 1,
    engine: "onnx/cpu",
    busyMs: 1,
  };
}

/** A table in which every network has an accuracy that was chosen. */
function table(
  accuracy: (row: string, repeat: number) => number | null,
  { repeats = 3, dataset = "svhn", networks = ["resnet20"] as readonly string[] } = {},
): Table1 {
  const rows = rowsOf([1, 2]);
  const tests = networks.flatMap((network) =>
    rows.flatMap((row) =>
      Array.from({ length: repeats }, (_, repeat) => {
        return {
          row,
          repeat,
          draw: 0,
          run: null,
          file: "x.json",
          label: row.name,
          dataset,
          disturbance: { mode: "add", shape: [1, 1, 1], classes: [] },
          training: { network } as Table1["tests"][number]["training"],
          subset: null,
          seed: repeat,
          outcome: outcomeOf(accuracy(row.name, repeat)),
        } as const;
      })
    )
  );
  return {
    experiment: {
      presetName: "paper",
      preset: { ...PRESETS.paper, dataset, networks, repeats, pixels: [1, 2] },
      seed: 1,
    },
    sources: ["train", "test"],
    rows,
    tests,
  };
}

const accuracies: Readonly<Record<string, number>> = { "clean": 0.9, "leftmost 1 px": 0.8 };
const varied = (row: string, repeat: number) => (accuracies[row] ?? 0.5) + repeat ** 2 / 100;

Deno.test("the table has the paper's numbers next to its own, and says what they are of", () => {
  const text = textOf(table(varied));
  assertStringIncludes(text, "3 repeats with seeds");
  assertStringIncludes(text, "weights, on all training images");
  assert(/^clean +91\.7 ± 2\.1 +93\.5 ± 0\.9$/m.test(text), text);
  assert(/^uniform 2 px +51\.7 ± 2\.1 +none$/m.test(text), text);
  assert(!text.includes("stand next to"), text);
  const mnist = table(varied, { dataset: "mnist", networks: ["graynet"] });
  const other = textOf(mnist);
  assert(/^trained on +graynet +the paper: svhn, resnet20$/m.test(other), other);
  assert(/^clean +91\.7 ± 2\.1 +93\.5 ± 0\.9$/m.test(other), other);
  assertStringIncludes(other, "stand next to");
  const [clean] = table1Tables(mnist)["table1"]!;
  assertEquals([clean!["paper_network"], clean!["paper_mean"]], ["resnet20", 0.935]);
});

Deno.test("one repeat has no deviation, and is not enough to show anything", () => {
  const text = textOf(table(varied, { repeats: 1 }));
  assertStringIncludes(text, "1 repeat with seeds");
  assert(/^clean +90\.0 +93\.5 ± 0\.9$/m.test(text), text);
  assert(!/ shown\b/.test(text.split("A claim is shown")[0]!), text);
  assertStringIncludes(text, "not enough runs");
});

Deno.test("a training that failed is said in the text and in the files, never as a number", () => {
  const failing = table((row, repeat) =>
    row === "clean" && repeat === 1 || row === "mddes 2 px" ? null : varied(row, repeat)
  );
  const text = textOf(failing);
  assert(/^clean +92\.0 ± 2\.8 \(1 failed\)/m.test(text), text);
  assert(/^mddes 2 px +failed/m.test(text), text);
  const directory = Deno.makeTempDirSync();
  write(directory, failing);
  for (const { name, isFile } of Deno.readDirSync(directory)) {
    if (!isFile) continue;
    const content = Deno.readTextFileSync(`${directory}/${name}`);
    assert(!/NaN|Infinity|undefined/.test(content), `${name}: ${content}`);
  }
  const rows = parse(Deno.readTextFileSync(`${directory}/table1.csv`), { skipFirstRow: true });
  const [clean] = rows.filter(({ method }) => method === "clean");
  assertEquals([clean!.failed, clean!.paper_mean], ["1", "0.935"]);
  const page = Deno.readTextFileSync(`${directory}/report.html`);
  assertStringIncludes(page, "92.0 ± 2.8 (1 failed)");
  const drawn = parse(Deno.readTextFileSync(`${directory}/figures/table1-accuracy.csv`), {
    skipFirstRow: true,
  });
  assertEquals(
    drawn.filter(({ trained_on }) => trained_on === "mddes 2 px").map(({ network }) => network),
    ["resnet20, the paper"],
  );
  const orderings = Deno.readTextFileSync(`${directory}/orderings.csv`);
  assertStringIncludes(orderings, "clean,leftmost 1 px,paper,resnet20,2,");
  Deno.removeSync(directory, { recursive: true });
});
