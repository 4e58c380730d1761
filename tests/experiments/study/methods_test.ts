import { assertEquals } from "@std/assert";
// @ts-types="../../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import type { MethodTest } from "../../../actors/testing/methods.ts";
import { accuracyTable, failuresOf, testsCsv } from "../../../experiments/study/methods.ts";
import { readTests } from "../../../experiments/run_report/read_tests.ts";

const reason = "Training diverged: the loss of step 3 is NaN";

/** A test for each accuracy; `null` is a training that failed. */
function testsOf(method: string, accuracies: readonly (number | null)[]): MethodTest[] {
  return accuracies.map((testAccuracy, repeat) => ({
    method,
    draw: 0,
    repeat,
    seed: repeat,
    outcome: testAccuracy === null ? { type: "TestFailed", reason } : {
      type: "TestScores",
      testAccuracy,
      testLoss: 0.5,
      perturbedAccuracy: 0.95,
      engine: "onnx/cpu",
      busyMs: 1,
    },
  }));
}

const tests = [
  ...testsOf("clean", [0.9, 0.8]),
  ...testsOf("uniform", [0.7, null, 0.5]),
  ...testsOf("mddes", [null]),
];

Deno.test("a training that failed leaves its mean out, and is counted and explained", () => {
  const [, , ...rows] = accuracyTable(tests).split("\n").map((line) => line.split(/\s{2,}/));
  assertEquals(rows, [
    ["clean", "85.0", "7.1", "80.0", "90.0", "2"],
    ["uniform", "60.0", "14.1", "50.0", "70.0", "2, 1 failed"],
    ["mddes", "0, 1 failed"],
  ]);
  assertEquals(failuresOf(tests), [
    `uniform, draw 0, repeat 1 failed: ${reason}`,
    `mddes, draw 0, repeat 0 failed: ${reason}`,
  ]);
});

Deno.test("a training that failed has a line without numbers in the CSV, and is read back so", async () => {
  const csv = testsCsv(tests, { mddes: { generation: 3, candidate: 0 } });
  const rows = parse(csv, { skipFirstRow: true });
  assertEquals(rows.map(({ status }) => status), ["ok", "ok", "ok", "failed", "ok", "failed"]);
  assertEquals([rows[3]!.test_accuracy, rows[3]!.test_loss, rows[3]!.engine], ["", "", ""]);
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, csv);
  assertEquals(
    readTests(path).map(({ testAccuracy }) => testAccuracy),
    [0.9, 0.8, 0.7, null, 0.5, null],
  );
  assertEquals(readTests(path).map(({ candidate }) => candidate), [
    ...new Array(5).fill(null),
    "3/0",
  ]);
  await Deno.remove(path);
});
