import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { leftmostDisturbance } from "../../datasets/mod.ts";
import { main } from "../../experiments/defences.ts";
import { defenceFindings } from "../../experiments/defences/findings.ts";
import { defenceTables, networksOf } from "../../experiments/defences/measurements.ts";
import { findingsText } from "../../experiments/findings/findings.ts";
import { trainingOf } from "../../actors/testing/training_options.ts";
import { RunStopped } from "../../mod.ts";
import { ConfigurationError } from "../../options.ts";
import { checkInBrowser } from "./readable_page.ts";
import { printed } from "./tiny_experiment.ts";

const disturbance = leftmostDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] });

/** A folder with a disturbance, and the arguments of a comparison that takes seconds. */
async function prepare(): Promise<{ readonly folder: string; readonly args: string[] }> {
  const folder = await Deno.makeTempDir();
  Deno.writeTextFileSync(`${folder}/left.json`, JSON.stringify(disturbance));
  const args = [
    ...["--disturbance", `${folder}/left.json`, "--dataset", "synthetic"],
    ...["--train-size", "40", "--batch-size", "20", "--epochs", "1", "--repeats", "2"],
    ...["--devices", "cpu", "--runs", `${folder}/runs`],
  ];
  return { folder, args };
}

Deno.test("defences are columns and disturbances are rows, and nothing is trained twice", async (test) => {
  const { folder, args } = await prepare();
  try {
    const some = [...args, "--methods", "clean,own", "--defences", "none,cutmix,jpeg"];
    const { signal } = new AbortController();
    const text = await printed(() => main(some, signal));
    assertStringIncludes(text, "12 networks");
    assertStringIncludes(text, "OPS, CIFAR-10, ResNet-18 (published)");
    assertStringIncludes(text, "78.48");
    const directory = `${folder}/left-defences-synthetic-graynet-adam`;
    const read = (name: string) =>
      parse(Deno.readTextFileSync(`${directory}/${name}.csv`), { skipFirstRow: true });
    assertEquals(
      read("defences").map(({ method, defence }) => `${method} ${defence}`),
      ["clean none", "clean cutmix", "clean jpeg", "own none", "own cutmix", "own jpeg"],
    );
    for (const row of read("defences")) {
      assertEquals(row["networks"], "2");
      assert(Number(row["mean_accuracy"]) > 0 && Number(row["mean_accuracy"]) < 1);
    }
    const networks = read("networks");
    assertEquals(new Set(networks.map(({ repeat, seed }) => `${repeat} ${seed}`)).size, 2);
    assertEquals(new Set(networks.map((row) => row["test_loss"])).size, 12, "all are others");
    await checkInBrowser(test, `${directory}/report.html`);
    const again = await printed(() => main(some, signal));
    assertStringIncludes(again, "12 of 12 networks tested before");
    assertEquals(again.slice(again.indexOf("Defences")), text.slice(text.indexOf("Defences")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a comparison that was stopped says how to go on, and keeps its networks", async () => {
  const { folder, args } = await prepare();
  try {
    const stop = new AbortController();
    const some = [...args, "--methods", "own", "--defences", "none,cutout"];
    const log = console.log;
    console.log = (line: string) => line.includes(", repeat 1: ") && stop.abort();
    const error = await assertRejects(() => main(some, stop.signal), RunStopped)
      .finally(() => console.log = log);
    assertStringIncludes(error.message, "Stopped. To go on: deno task defences --disturbance");
    const text = await printed(() => main(some, new AbortController().signal));
    assertStringIncludes(text, "of 4 networks tested before");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what cannot be compared is one line", async () => {
  const { folder, args } = await prepare();
  try {
    const cases: [string[], string][] = [
      [["--defences", "grey"], "Option --defences: Cannot defend: expected some of"],
      [["--defences", "none,gray"], "--defences: Cannot defend with gray: it is for images of 3"],
      [["--defences", "standard", "--augmentation", "standard"], "are augmented already"],
      [
        ["--network", "mine"],
        "Option --network: Cannot choose a network: expected one of graynet, ",
      ],
      [["--network", "mine.ts"], "mine.ts: there is no such file"],
      [["--methods", "dirty"], "Option --methods must be a list of clean, "],
      [["--train-size", "20000"], "Cannot train on 20000 images of synthetic"],
      [["--defence", "jpeg"], "Unknown option --defence"],
    ];
    const { signal } = new AbortController();
    for (const [more, message] of cases) {
      // An option that is given again is another mistake.
      const others = more[0] === "--train-size"
        ? args.filter((arg) => !["--train-size", "40"].includes(arg))
        : args;
      const error = await assertRejects(
        () => main([...others, ...more], signal),
        ConfigurationError,
      );
      assertStringIncludes(error.message, message);
      assert(!error.message.includes("\n"), error.message);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a training that failed is counted, and is no number", () => {
  const training = trainingOf("graynet", "synthetic", {
    batchSize: 20,
    epochs: 1,
    augmentation: "none",
  });
  const tests = networksOf([{ name: "own", disturbances: [disturbance] }], ["none", "mixup"], [
    1,
    2,
  ], {
    dataset: "synthetic",
    training,
    subset: null,
  }).map((job) => ({
    job,
    outcome: job.column === "mixup" || job.repeat === 1
      ? { type: "TestFailed", reason: "Training diverged" } as const
      : {
        type: "TestScores",
        testAccuracy: 0.5,
        testLoss: 1,
        perturbedAccuracy: 1,
        engine: "onnx/cpu",
        busyMs: 1,
      } as const,
    file: "networks/0.json",
    weights: undefined,
  }));
  assertEquals(tests.map(({ job }) => job.training.defences), [
    undefined,
    undefined,
    ["mixup"],
    ["mixup"],
  ]);
  const { defences } = defenceTables(tests);
  assertEquals(defences!.map(({ failed, mean_accuracy }) => [failed, mean_accuracy]), [
    [1, 0.5],
    [2, null],
  ]);
  const text = findingsText(defenceFindings(tests, { of: "own.json", settings: [], leftOut: [] }));
  assertStringIncludes(text, "50.0 (1 failed)");
  assert(!text.includes("NaN"), text);
});
