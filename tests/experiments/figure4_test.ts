import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { noDisturbance } from "../../datasets/mod.ts";
import { figure4 } from "../../experiments/figure4.ts";
import { conduct } from "../../experiments/findings/run_experiment.ts";
import { figure4Findings } from "../../experiments/figure4/findings.ts";
import { figure4Tables, type Pair, sharpness } from "../../experiments/figure4/measurements.ts";
import { SHARES } from "../../experiments/figure4/points.ts";
import { findingsText } from "../../experiments/findings/findings.ts";
import type { RepeatNetwork } from "../../experiments/study/repeats.ts";
import { presetTraining } from "../../experiments/presets/training.ts";
import { checkInBrowser } from "./readable_page.ts";
import { printed, tinyExperiment, tinyPreset } from "./tiny_experiment.ts";

Deno.test("figure 4 measures both ends as they were tested, and nothing twice", async (test) => {
  const runs = await Deno.makeTempDir();
  try {
    const tiny = await tinyExperiment("figure4", runs);
    using _ = tiny.study;
    const experiment = { ...tiny, preset: { ...tiny.preset, repeats: 1 } };
    const text = await printed(() => conduct(figure4, experiment));
    const read = (name: string) =>
      parse(Deno.readTextFileSync(`${experiment.directory}/${name}`), { skipFirstRow: true });
    const line = read("line.csv");
    assertEquals(line.map((row) => Number(row["a"])), SHARES);
    const networks = [...Deno.readDirSync(`${runs}/networks`)]
      .filter(({ name }) => name.endsWith(".json"))
      .map(({ name }) => JSON.parse(Deno.readTextFileSync(`${runs}/networks/${name}`)));
    for (const [end, a] of [["sgd", 0], ["adam", 1]] as const) {
      const { outcome } = networks.find(({ asked }) => asked.training.optimizer.kind === end);
      const point = line.find((row) => Number(row["a"]) === a)!;
      assertEquals(Number(point["test_accuracy"]), outcome.testAccuracy);
      assertEquals(Number(point["train_accuracy"]), outcome.perturbedAccuracy);
      assertAlmostEquals(Number(point["test_loss"]), outcome.testLoss, 1e-6);
    }
    assertEquals(read("steps.csv").length, 40);
    assertStringIncludes(text, "not enough runs");
    await checkInBrowser(test, `${experiment.directory}/report.html`);
    const again = await printed(() => conduct(figure4, experiment));
    assertStringIncludes(again, "81 of 81 points computed before");
    assertEquals(again.slice(again.indexOf("Figure 4")), text.slice(text.indexOf("Figure 4")));
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
});

/** A pair whose SGD end is as sharp and as good as it is told. */
function pairOf(repeat: number, rise: number, accuracy: number): Pair {
  const preset = tinyPreset("synthetic");
  const job = (optimizer: string): RepeatNetwork => ({
    optimizer,
    trainedOn: "mddes",
    repeat,
    label: "",
    dataset: "synthetic",
    disturbance: noDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] }),
    training: presetTraining(preset, "graynet", { optimizer }),
    subset: null,
    seed: repeat,
  });
  return {
    dataset: "synthetic",
    repeat,
    networks: { sgd: job("sgd"), adam: job("adam") },
    line: SHARES.map((share) => ({
      share,
      train: { loss: 0.1, accuracy: 1 },
      test: { loss: 1, accuracy: share < 0.5 ? accuracy + 0.01 * repeat : 0.5 },
    })),
    steps: (["sgd", "adam"] as const).flatMap((end) =>
      [-1, 1].map((length) => ({
        end,
        length,
        seed: 1,
        loss: 0.1 + 0.2 + (end === "sgd" ? rise + 0.01 * repeat : 0),
      }))
    ),
  };
}

Deno.test("sharpness is the rise of the loss off an end", () => {
  const pair = pairOf(0, 0.3, 0.8);
  assertAlmostEquals(sharpness(pair, "sgd"), 0.5, 1e-12);
  assertAlmostEquals(sharpness(pair, "adam"), 0.2, 1e-12);
});

Deno.test("each claim about the ends is tested by itself", () => {
  const verdicts = (rise: number, accuracy: number) => {
    const pairs = [0, 1, 2, 3].map((repeat) => pairOf(repeat, rise, accuracy));
    return figure4Tables(pairs)["claims"]!.map(({ verdict }) => verdict);
  };
  assertEquals(verdicts(0.3, 0.8), ["shown", "shown"]);
  assertEquals(verdicts(-0.1, 0.8), ["not shown", "shown"]);
  assertEquals(verdicts(0.3, 0.3), ["shown", "not shown"]);
});

Deno.test("a repeat that could not be trained is missing in words, not as a number", () => {
  const preset = tinyPreset("synthetic");
  const experiment = { preset, presetName: "smoke", seed: 1, datasets: ["synthetic"] } as const;
  const text = findingsText(figure4Findings(experiment, [], [pairOf(0, 0.3, 0.8)]));
  assertStringIncludes(text, "1 repeat left out: a training failed there.");
  assert(!text.includes("NaN"), text);
});
