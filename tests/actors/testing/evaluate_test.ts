import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadTrain, noDisturbance, onePixelShortcut } from "../../../datasets/mod.ts";
import {
  ConfigurationError,
  evaluate,
  type EvaluateOptions,
  type EvaluationEvent,
  RunStopped,
  search,
} from "../../../mod.ts";
import { bytesIn } from "../image_folder.ts";
import { single } from "../small_search.ts";

const brief: EvaluateOptions = {
  trainSize: 32,
  batchSize: 16,
  epochs: 1,
  repeats: 2,
  devices: ["cpu", "cpu"],
};

const disturbance = noDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] });

Deno.test("the winner of a run, and the same disturbance as a value, give the same networks", async () => {
  const folder = await Deno.makeTempDir();
  const directory = `${folder}/run`;
  await using run = search({ ...single, generations: 1, directory });
  const { best } = await run.result;
  const before = bytesIn(directory);
  const events: EvaluationEvent[] = [];
  const { tests, ...plan } = await evaluate({
    ...brief,
    run: directory,
    methods: ["mddes", "clean"],
    onEvent: (event) => events.push(event),
  });
  assertEquals(bytesIn(directory), before, "nothing is written");
  assertEquals(events[0], { type: "started", ...plan });
  assertEquals([plan.dataset, plan.network, plan.areSearched], ["synthetic", "graynet", true]);
  assertEquals(plan.winner, { generation: best.generation, candidate: best.candidate });
  assertEquals(events.slice(1).map(({ type }) => type), new Array(plan.networks).fill("tested"));
  assertEquals(
    tests.map(({ method, repeat }) => `${method} ${repeat}`),
    ["clean 0", "clean 1", "mddes 0", "mddes 1"],
  );
  const value = await evaluate({
    ...brief,
    disturbance: best.disturbance,
    dataset: "synthetic",
  });
  assertEquals(value.winner, undefined);
  const accuracies = (those: typeof tests) =>
    those.map(({ outcome }) => outcome.type === "TestScores" ? outcome.testAccuracy : NaN);
  assertEquals(accuracies(value.tests), accuracies(tests.slice(2)));
  assert(accuracies(tests).every((accuracy) => accuracy > 0 && accuracy < 1));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("one-pixel shortcuts are methods, with as many pixels as their names say", async () => {
  const own = onePixelShortcut(await loadTrain("synthetic"), 2);
  const { tests } = await evaluate({
    ...brief,
    disturbance: own,
    methods: ["own", "ops-2", "ops", "clean", "ops"],
    dataset: "synthetic",
    repeats: 1,
  });
  assertEquals(tests.map(({ method }) => method), ["clean", "ops-2", "ops", "own"]);
  const [, two, one, same] = tests.map(({ outcome }) =>
    outcome.type === "TestScores" ? outcome.testLoss : NaN
  );
  assertEquals(two, same);
  assert(one !== two);
});

Deno.test("an evaluation is stopped by its signal", async () => {
  const stop = new AbortController();
  const evaluating = evaluate({
    ...brief,
    disturbance,
    dataset: "synthetic",
    repeats: 500,
    signal: stop.signal,
    onEvent: ({ type }) => type === "tested" && stop.abort(),
  });
  await assertRejects(() => evaluating, RunStopped);
});

Deno.test("what cannot be evaluated is one line", async () => {
  const synthetic = { ...brief, disturbance, dataset: "synthetic" };
  const cases: [Record<string, unknown>, string][] = [
    [{}, "Expected either run or disturbance, received neither"],
    [{ run: "runs/none", disturbance }, "Expected either run or disturbance, received both"],
    [{ ...brief, disturbance }, "Option dataset is missing"],
    [{ run: "runs/none" }, "expected the folder of a run"],
    [
      { ...synthetic, disturbance: 3 },
      "expected an object with mode, shape and classes, received 3",
    ],
    [
      { ...synthetic, disturbance: { ...disturbance, mode: "blur" } },
      "mode must be add or replace",
    ],
    [{ ...synthetic, dataset: "nist" }, "received nist"],
    [
      { ...synthetic, methods: ["dirty"] },
      'clean, uniform, leftmost, ops, ops-N and own, received "dirty"',
    ],
    [{ ...synthetic, methods: ["ops-0"] }, 'ops, ops-N and own, received "ops-0"'],
    [
      { ...synthetic, methods: ["ops-785"] },
      "Cannot make a one-pixel shortcut: expected 785 free positions for class 0, found 784",
    ],
    [{ ...synthetic, trainSize: 20_000 }, "at most the 10000 images of synthetic, received 20000"],
    [{ ...synthetic, repeat: 3 }, "Unknown option repeat"],
    [{ ...synthetic, network: "bignet" }, 'received "bignet"'],
    [
      { ...synthetic, optimizer: "sgd", weightDecay: 2 },
      "weightDecay must be a number from 0 to 1",
    ],
    [
      { ...synthetic, disturbance: { ...disturbance, shape: [3, 32, 32] } },
      "must have images of 3 x 32 x 32 in 10 classes, as the disturbance, received synthetic",
    ],
  ];
  for (const [options, message] of cases) {
    const error = await assertRejects(() => evaluate(options as never), ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  }
});
