import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import type { TestOutcome } from "../../actors/testing/evaluator.ts";
import { noDisturbance } from "../../datasets/mod.ts";
import { figure3 } from "../../experiments/figure3.ts";
import { conduct } from "../../experiments/findings/run_experiment.ts";
import { figure3Findings } from "../../experiments/figure3/findings.ts";
import { figure3Tables, OPTIMIZERS } from "../../experiments/figure3/measurements.ts";
import { findingsText } from "../../experiments/findings/findings.ts";
import type { RepeatNetwork } from "../../experiments/study/repeats.ts";
import type { TestedNetwork } from "../../experiments/study/study.ts";
import { presetTraining } from "../../experiments/presets/training.ts";
import { checkInBrowser } from "./readable_page.ts";
import { printed, tinyExperiment, tinyPreset } from "./tiny_experiment.ts";

Deno.test("figure 3 trains each optimizer on clean and on disturbed images, once", async (test) => {
  const runs = await Deno.makeTempDir();
  try {
    const experiment = await tinyExperiment("figure3", runs);
    using _ = experiment.study;
    const text = await printed(() => conduct(figure3, experiment));
    assertStringIncludes(text, "2 searches, then 16 networks");
    assertStringIncludes(text, "not enough runs");
    const files = [...Deno.readDirSync(experiment.directory)].map(({ name }) => name).sort();
    assertEquals(files, ["claims.csv", "figure3.txt", "figures", "networks.csv", "report.html"]);
    const read = (name: string) => Deno.readTextFileSync(`${experiment.directory}/${name}`);
    const networks = parse(read("networks.csv"), { skipFirstRow: true });
    assertEquals(networks.length, 16);
    for (const row of networks) assert(Number(row["test_accuracy"]) > 0, JSON.stringify(row));
    // A repeat begins all its networks alike, and another one otherwise.
    assertEquals(new Set(networks.map(({ repeat, seed }) => `${repeat} ${seed}`)).size, 2);
    await checkInBrowser(test, `${experiment.directory}/report.html`);
    const again = await printed(() => conduct(figure3, experiment));
    assertStringIncludes(again, "16 of 16 networks tested before");
    assertEquals(again.slice(again.indexOf("Figure 3")), text.slice(text.indexOf("Figure 3")));
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
});

/** Accuracies as they might come out: trained on clean images, and on disturbed ones. */
const ACCURACIES: Record<string, [clean: number, disturbed: number]> = {
  sgd: [0.9, 0.8],
  adabound: [0.95, 0.6],
  adam: [0.97, 0.5],
  rmsprop: [0.7, 0.55],
};

const experiment = () => {
  const preset = tinyPreset("synthetic");
  return { preset, presetName: "smoke" as const, datasets: ["synthetic"], seed: 1 };
};

function testedNetworks(
  repeats: number,
  change: (job: RepeatNetwork, outcome: TestOutcome) => TestOutcome = (_, outcome) => outcome,
): TestedNetwork<RepeatNetwork>[] {
  const { preset } = experiment();
  return Array.from(
    { length: repeats },
    (_, repeat) =>
      OPTIMIZERS.flatMap((optimizer) =>
        (["clean", "mddes"] as const).map((trainedOn) => {
          const job: RepeatNetwork = {
            optimizer,
            trainedOn,
            repeat,
            label: "",
            dataset: "synthetic",
            disturbance: noDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] }),
            training: presetTraining(preset, "graynet", { optimizer }),
            subset: null,
            seed: repeat,
          };
          const accuracy = ACCURACIES[optimizer]![trainedOn === "clean" ? 0 : 1];
          const outcome = change(job, {
            type: "TestScores",
            testAccuracy: accuracy + 0.001 * repeat * (optimizer === "sgd" ? 1 : -1),
            testLoss: 1,
            perturbedAccuracy: 1,
            engine: "onnx/cpu",
            busyMs: 1,
          });
          return { job, outcome, file: "networks/0.json", weights: undefined };
        })
      ),
  ).flat();
}

Deno.test("orderings that every repeat has are shown, and the others are not", () => {
  const { claims } = figure3Tables(testedNetworks(4));
  assertEquals(
    Object.fromEntries(claims!.map(({ claim, verdict }) => [claim, verdict])),
    {
      "SGD above Adabound": "shown",
      "SGD above Adam": "shown",
      "SGD above RMSProp": "shown",
      "Adabound above Adam": "shown",
      "Adabound above RMSProp": "shown",
    },
  );
  ACCURACIES["adabound"] = [0.95, 0.4];
  const reversed = figure3Tables(testedNetworks(4)).claims!;
  ACCURACIES["adabound"] = [0.95, 0.6];
  assertEquals(reversed.slice(3).map(({ verdict }) => verdict), ["not shown", "not shown"]);
});

Deno.test("an optimizer that has not learned is named", () => {
  const tests = testedNetworks(2);
  const text = findingsText(figure3Findings(experiment(), [], tests));
  assertStringIncludes(text, "Trained on clean images, SGD, RMSProp stayed more than 5.0 points");
});

Deno.test("a training that failed leaves its pair out, and no number", () => {
  const tests = testedNetworks(
    4,
    (job, outcome) =>
      job.optimizer === "sgd" && job.trainedOn === "mddes" && job.repeat > 1
        ? { type: "TestFailed", reason: "Training diverged" }
        : outcome,
  );
  const { claims, networks } = figure3Tables(tests);
  assertEquals([claims![0]!["repeats"], claims![0]!["verdict"]], [2, "not enough runs"]);
  assertEquals(networks!.filter(({ failure }) => failure !== null).length, 2);
  const text = findingsText(figure3Findings(experiment(), [], tests));
  assertMatch(text, /80\.\d ± 0\.1 \(2 failed\)/);
  assert(!text.includes("NaN"), text);
});
