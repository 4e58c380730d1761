import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { search } from "../../mod.ts";
import { noDisturbance } from "../../datasets/mod.ts";
import { main as defences } from "../../experiments/defences.ts";
import { main as evaluate } from "../../experiments/evaluate.ts";
import { findingsText, writeFindings } from "../../experiments/findings/findings.ts";
import { exitCodeOf } from "../../experiments/terminal/command.ts";
import { main } from "../../experiments/transfer.ts";
import { transferFindings } from "../../experiments/transfer/findings.ts";
import { type Test, transferTables } from "../../experiments/transfer/measurements.ts";
import { brief, writeImages } from "../actors/image_folder.ts";
import { temporaryFolder } from "../datasets/small_set.ts";
import { checkInBrowser } from "./readable_page.ts";

/** Run a command here, with what it prints. */
async function run(
  command: typeof main,
  args: readonly string[],
): Promise<{ code: number; text: string }> {
  let text = "";
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => text += `${words.join(" ")}\n`;
  try {
    const code = await exitCodeOf(() => command(args, new AbortController().signal));
    return { code, text };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** A folder with images of two classes, and a disturbance of them. */
function workplace() {
  const folder = temporaryFolder();
  const [dataset, file] = [`${folder.path}/insects`, `${folder.path}/own.json`];
  writeImages(dataset);
  const pixel = (row: number) => [{ row, column: 0, value: [1] }];
  const disturbance = { mode: "add", shape: [1, 16, 16], classes: [pixel(3), pixel(12)] };
  Deno.writeTextFileSync(file, JSON.stringify(disturbance));
  const flags = ["--disturbance", file, "--dataset", dataset];
  const quick = ["--batch-size", "10", "--epochs", "3", "--repeats", "2", "--devices", "cpu"];
  return { ...folder, flags, quick };
}

function read(path: string): Record<string, string>[] {
  return parse(Deno.readTextFileSync(path), { skipFirstRow: true }) as Record<string, string>[];
}

Deno.test("each pair is trained on both, once, and ends where evaluate does", async (test) => {
  using place = workplace();
  const args = [...place.flags, ...place.quick, "--networks", "graynet"];
  const pairs = ["--optimizers", "recipe,adam,sgd"];
  const { code, text } = await run(main, [...args, ...pairs]);
  assertEquals(code, 0, text);
  assertStringIncludes(text, "8 networks"); // Adam is GrayNet's recipe, and is there once
  const out = `${place.path}/own-transfer-insects`;
  assertStringIncludes(text, `Files in ${out}; begin with report.html`);
  const files = [...Deno.readDirSync(out)].map(({ name }) => name).sort();
  assertEquals(files, [
    "epochs.csv",
    "figures",
    "networks",
    "networks.csv",
    "report.html",
    "transfer.csv",
    "transfer.txt",
  ]);
  const networks = read(`${out}/networks.csv`);
  const epochs = read(`${out}/epochs.csv`);
  assertEquals([networks.length, epochs.length], [8, 24]);
  for (const { optimizer, trained_on, repeat, ...network } of networks) {
    const curve = epochs
      .filter((row) => row["optimizer"] === optimizer && row["trained_on"] === trained_on)
      .filter((row) => row["repeat"] === repeat)
      .map((row) => Number(row["test_accuracy"]));
    assertEquals(curve.length, 3);
    assertEquals(Number(network["last_accuracy"]), curve[2]);
    assertEquals(Number(network["peak_accuracy"]), Math.max(...curve));
    assertEquals(curve[Number(network["peak_epoch"]) - 1], Math.max(...curve));
  }
  assertEquals(
    read(`${out}/transfer.csv`).map((row) => `${row["optimizer"]} ${row["trained_on"]}`),
    [
      "adam clean",
      "adam own",
      "sgd clean",
      "sgd own",
    ],
  );
  await checkInBrowser(test, `${out}/report.html`);

  const again = await run(main, [...args, ...pairs]);
  assertStringIncludes(again.text, "8 of 8 networks tested before");
  assertEquals(again.text.slice(again.text.indexOf("\n\n")), text.slice(text.indexOf("\n\n")));

  // Tests on the way change nothing of the training.
  const methods = ["--methods", "clean,own", "--optimizer", "adam"];
  const settings = "methods-clean+own-batch-size-10-repeats-2";
  assertEquals((await run(evaluate, [...place.flags, ...place.quick, ...methods])).code, 0);
  assertEquals(
    read(`${place.path}/own-evaluation-insects-graynet-adam-${settings}.csv`)
      .map(({ method, repeat, seed, test_accuracy }) => [method, repeat, seed, test_accuracy]),
    networks.filter(({ optimizer }) => optimizer === "adam")
      .map(({ trained_on, repeat, seed, last_accuracy }) => [
        trained_on,
        repeat,
        seed,
        last_accuracy,
      ]),
  );
});

Deno.test("of a run it is beside the run, says what it was evolved against, and takes methods", async () => {
  using place = workplace();
  const directory = `${place.path}/a`;
  await using searching = search({ ...brief, dataset: `${place.path}/insects`, directory });
  await searching.result;
  const once = ["--batch-size", "10", "--epochs", "1", "--repeats", "1", "--devices", "cpu"];
  const wanted = ["--networks", "graynet,resnet20", "--methods", "mddes,ops"];
  const { code, text } = await run(main, ["--run", directory, ...wanted, ...once]);
  assertEquals(code, 0, text);
  assertStringIncludes(text, ", evolved against graynet, adam.");
  assertStringIncludes(text, "resnet20: momentum at 0.1 (step), weight decay 0.0001.");
  assertEquals(
    read(`${directory}/transfer/transfer.csv`)
      .map(({ network, optimizer, trained_on }) => `${network} ${optimizer} ${trained_on}`),
    ["graynet adam ops", "graynet adam mddes", "resnet20 momentum ops", "resnet20 momentum mddes"],
  );
});

Deno.test("networks in files are trained like others, and again when they are changed", async () => {
  using place = workplace();
  const written = (file: string, name: string, units: number) =>
    Deno.writeTextFileSync(
      `${place.path}/${file}.ts`,
      `export default (input: number[], classes: number) => ({
        name: "${name}", input, classes, layers: [
          { kind: "flatten", name: "flatten" },
          { kind: "dense", name: "hidden", units: ${units} },
          { kind: "dense", name: "dense", units: classes },
        ],
      });`,
    );
  written("a", "small-one", 4);
  const file = `${place.path}/a.ts`;
  const methods = ["--methods", "own", "--networks", `graynet,${file}`];
  const args = [...place.flags, ...place.quick, ...methods];
  const first = await run(main, args);
  assertEquals(first.code, 0, first.text);
  const out = `${place.path}/own-transfer-insects`;
  assertEquals(
    read(`${out}/transfer.csv`).map(({ network, optimizer }) => `${network} ${optimizer}`),
    ["graynet adam", "small-one adam"],
  );
  assertStringIncludes((await run(main, args)).text, "4 of 4 networks tested before");

  written("a", "small-one", 5);
  const changed = await run(main, args);
  assertStringIncludes(changed.text, "2 of 4 networks tested before");

  written("b", "small-one", 4);
  Deno.renameSync(file, `${place.path}/moved.ts`);
  const moved = `file:${place.path}/../${place.path.split("/").at(-1)}/moved.ts`;
  const again = ["--methods", "own", "--networks", `graynet,${moved},${place.path}/moved.ts`];
  const spelled = await run(main, [...place.flags, ...place.quick, ...again]);
  assertStringIncludes(spelled.text, "4 of 4 networks tested before");
  Deno.renameSync(`${place.path}/moved.ts`, file);

  const both = ["--networks", `${file},${place.path}/b.ts`];
  const { code, text } = await run(main, [...place.flags, ...place.quick, ...both]);
  assertEquals(code, 2, text);
  assertMatch(
    text,
    /^error: Option --networks: two networks are called small-one: .*a\.ts and .*b\.ts\n$/,
  );
});

Deno.test("a network in a file that is called as a known one has results of its own", async () => {
  using place = workplace();
  const file = `${place.path}/mine.ts`;
  Deno.writeTextFileSync(
    file,
    `export default (input: number[], classes: number) => ({
      name: "graynet", input, classes, layers: [
        { kind: "flatten", name: "flatten" },
        { kind: "dense", name: "dense", units: classes },
      ],
    });`,
  );
  const once = ["--batch-size", "10", "--epochs", "1", "--repeats", "1", "--devices", "cpu"];
  const args = [...place.flags, ...once];
  const both = ["--methods", "own", "--networks", `graynet,${file}`];
  const { code, text } = await run(main, [...args, ...both]);
  assertEquals(code, 0, text);
  const [known, own] = read(`${place.path}/own-transfer-insects/transfer.csv`);
  assertEquals(known!["network"], "graynet");
  assertMatch(own!["network"]!, /^graynet-[0-9a-f]{8}$/);
  const columns = ["--runs", `${place.path}/runs`, "--methods", "own", "--defences", "none"];
  for (const network of ["graynet", file]) {
    assertEquals((await run(evaluate, [...args, "--network", network])).code, 0);
    assertEquals((await run(defences, [...args, ...columns, "--network", network])).code, 0);
  }
  const names = [...Deno.readDirSync(place.path)].map(({ name }) => name);
  const settings = "batch-size-10-epochs-1-repeats-1";
  for (const { network } of [known!, own!] as { network: string }[]) {
    assert(names.includes(`own-evaluation-insects-${network}-adam-${settings}.csv`), `${names}`);
    assert(names.includes(`own-defences-insects-${network}-adam`), `${names}`);
  }
});

Deno.test("what cannot be used is refused in one line, before anything is trained", async () => {
  using place = workplace();
  const graynet = ["--networks", "graynet"];
  const cases: [string[], string][] = [
    [place.flags, "Option --networks is missing"],
    [graynet, "Expected either --run or --disturbance, received neither"],
    [
      [...place.flags, "--networks", "graynet,greynet"],
      'discriminator or the path of a file, received "greynet"',
    ],
    [[...place.flags, "--networks", "graynet,./none.ts"], "none.ts: there is no such file"],
    [[...place.flags, ...graynet, "--optimizers", "adam,adan"], 'adabound, received "adan"'],
    [[...place.flags, ...graynet, "--methods", "mddes"], 'ops-N and own, received "mddes"'],
    [[...place.flags, ...graynet, "--train-size", "41"], "it has 40 training images"],
    [[...place.flags, ...graynet, "--out", `${place.path}/own.json`], "Cannot write to"],
    [[...place.flags, ...graynet, "--epochs", "0"], "--epochs must be an integer from 1 to 1000"],
    [
      [...place.flags, "--networks", "resnet20"],
      "expected at least one batch of 128 training images",
    ],
    [
      [...place.flags.slice(0, 2), "--dataset", "synthetic", ...graynet],
      "as the disturbance, received synthetic",
    ],
  ];
  for (const [args, message] of cases) {
    const { code, text } = await run(main, args);
    assertEquals([code, text.trimEnd().split("\n").length], [2, 1], text);
    assertStringIncludes(text, message);
  }
  assertEquals([...Deno.readDirSync(place.path)].map(({ name }) => name).sort(), [
    "insects",
    "own.json",
  ]);
});

function tested(method: string, repeat: number, curve: readonly number[] | null): Test {
  const outcome: TestOutcome = curve === null
    ? { type: "TestFailed", reason: "Training diverged" }
    : {
      type: "TestScores",
      testAccuracy: curve.at(-1)!,
      testLoss: 1,
      perturbedAccuracy: 1,
      epochAccuracies: curve,
      engine: "onnx/cpu",
      busyMs: 1,
    };
  return {
    job: {
      network: "graynet",
      optimizer: "sgd",
      method,
      draw: 0,
      repeat,
      label: `graynet, sgd on ${method}, repeat ${repeat + 1}`,
      dataset: "synthetic",
      disturbance: noDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] }),
      training: { learningRate: 0.1 } as Test["job"]["training"],
      subset: null,
      seed: 1,
    },
    outcome,
    file: "networks/0.json",
    weights: undefined,
  };
}

Deno.test("the peak is the first epoch that is highest; what failed is said, never as a number", () => {
  const tests = [
    tested("clean", 0, [0.5, 0.9, 0.9]),
    tested("clean", 1, [0.5, 0.8, 0.9]),
    tested("mddes", 0, [0.7, 0.5, 0.3]),
    tested("mddes", 1, null),
    tested("ops", 0, null),
    tested("ops", 1, null),
  ];
  const tables = transferTables(tests);
  assertEquals(
    tables["networks"]!.map((
      row,
    ) => [row["last_accuracy"], row["peak_accuracy"], row["peak_epoch"]]),
    [[0.9, 0.9, 2], [0.9, 0.9, 3], [0.3, 0.7, 1], ...new Array(3).fill([null, null, null])],
  );
  const [clean, mddes, ops] = tables["transfer"]!;
  assertEquals([clean!["networks"], clean!["peak_epoch_mean"]], [2, 2.5]);
  assertEquals([
    mddes!["networks"],
    mddes!["failed"],
    mddes!["last_mean"],
    mddes!["last_deviation"],
  ], [2, 1, 0.3, null]);
  assertEquals([ops!["networks"], ops!["failed"], ops!["peak_mean"], ops!["peak_epoch_mean"]], [
    2,
    2,
    null,
    null,
  ]);
  const findings = transferFindings(tests, "runs/a", ["made so"]);
  const text = findingsText(findings);
  assertMatch(text, /^graynet +sgd +90\.0 ± 0\.0 +30\.0 \(1 failed\) +failed$/m);
  assertMatch(text, /90\.0 ± 0\.0, epoch 2\.5 ± 0\.7 +70\.0 \(1 failed\), epoch 1 +failed$/m);
  assertStringIncludes(text, "graynet, sgd on mddes, repeat 2 failed: Training diverged");
  using folder = temporaryFolder();
  writeFindings(folder.path, "transfer", findings, tables);
  for (
    const name of ["transfer.csv", "networks.csv", "epochs.csv", "figures/transfer-graynet-sgd.csv"]
  ) {
    const content = Deno.readTextFileSync(`${folder.path}/${name}`);
    assert(!/NaN|Infinity|undefined/.test(content), `${name}: ${content}`);
  }
  const failed = tests.filter(({ outcome }) => outcome.type === "TestFailed");
  writeFindings(
    folder.path,
    "transfer",
    transferFindings(failed, "runs/a", []),
    transferTables(failed),
  );
  assertEquals(read(`${folder.path}/networks.csv`).length, 3);
  const files = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert(!files.includes("epochs.csv"), "those of networks that these findings do not have");
});

Deno.test("networks with names that look alike have figures of their own", () => {
  const named = (network: string) => {
    const { job, ...rest } = tested("clean", 0, [0.5]);
    return { ...rest, job: { ...job, network } };
  };
  const tests = ["Small.Net", "small-net", "small_net"].map(named);
  using folder = temporaryFolder();
  writeFindings(folder.path, "transfer", transferFindings(tests, "runs/a", []), {});
  assertEquals([...Deno.readDirSync(`${folder.path}/figures`)].map(({ name }) => name).sort(), [
    "transfer-small-net-sgd-2.csv",
    "transfer-small-net-sgd-2.svg",
    "transfer-small-net-sgd-3.csv",
    "transfer-small-net-sgd-3.svg",
    "transfer-small-net-sgd.csv",
    "transfer-small-net-sgd.svg",
  ]);
});
