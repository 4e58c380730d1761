import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { testAccuracies } from "../../actors/testing/evaluation.ts";
import { search } from "../../actors/search.ts";
import { trainClassifier } from "../../training/training.ts";
import { loadTest, loadTrain, noDisturbance } from "../../datasets/mod.ts";
import { compileRecipe, createEngine, grayNet, resolveRecipe } from "../../models/mod.ts";
import { COMPARABLE, readFiles, single } from "../actors/small_search.ts";

/** Learning rates of the steps of two epochs of four steps each. */
async function ratesOf(wish: Parameters<typeof resolveRecipe>[1]): Promise<number[]> {
  const train = await loadTrain("synthetic");
  const recipe = compileRecipe(resolveRecipe("graynet", { learningRate: 0.01, ...wish }, 2));
  await using engine = await createEngine({
    network: grayNet(train.shape, 10),
    optimizer: recipe.optimizer,
    batchSize: 4,
    device: { type: "cpu" },
  });
  const rates: number[] = [];
  const trainStep = engine.trainStep.bind(engine);
  engine.trainStep = (images, labels, rate) => {
    rates.push(rate);
    return trainStep(images, labels, rate);
  };
  await trainClassifier(engine, train, Uint32Array.of(...Array(16).keys()), {
    disturbance: undefined,
  }, { ...recipe, epochs: 2, batchSize: 4, wholeBatches: false, seed: 1 });
  return rates;
}

Deno.test("the engine is given the learning rate of each step", async () => {
  assertEquals(await ratesOf({}), Array(8).fill(0.01));
  const step = await ratesOf({ schedule: "step" });
  [1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01].forEach((share, i) =>
    assertAlmostEquals(step[i]!, 0.01 * share, 1e-12)
  );
  const cosine = await ratesOf({ schedule: "cosine", warmup: 1 });
  [0.01, 0.2575, 0.505, 0.7525, 1, 0.5 + Math.SQRT1_2 / 2, 0.5, 0.5 - Math.SQRT1_2 / 2]
    .forEach((share, i) => assertAlmostEquals(cosine[i]!, 0.01 * share, 1e-12));
});

Deno.test("a search trains by its schedule, and its config.json says how", async () => {
  const folder = await Deno.makeTempDir();
  const begin = async (name: string, options: Record<string, unknown>) => {
    const directory = `${folder}/${name}`;
    await using run = search({
      ...single,
      generations: 1,
      finalistRepeats: 0,
      directory,
      ...options,
    });
    await run.result;
    const { configuration } = JSON.parse(Deno.readTextFileSync(`${directory}/config.json`));
    const { optimizer, learningRate, weightDecay, schedule, warmup } = configuration;
    return {
      files: readFiles(directory, COMPARABLE),
      recipe: { optimizer, learningRate, weightDecay, schedule, warmup },
    };
  };
  const plain = {
    optimizer: "adam",
    learningRate: 0.001,
    weightDecay: 0,
    schedule: "constant",
    warmup: 0,
  };
  const left = await begin("left-out", {});
  const said = await begin("said", plain);
  const cosine = await begin("cosine", { schedule: "cosine", warmup: 0.5, optimizer: "adamw" });
  assertEquals(left.recipe, plain);
  assertEquals(said, left);
  assertEquals(cosine.recipe, {
    ...plain,
    optimizer: "adamw",
    weightDecay: 0.01,
    schedule: "cosine",
    warmup: 0.5,
  });
  assertNotEquals(cosine.files, left.files);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a tested network is trained by its schedule", async () => {
  const [train, test] = [await loadTrain("synthetic"), await loadTest("synthetic")];
  const spec = { classes: 10, pixels: 1, shape: train.shape };
  const jobs = ["constant", "step", "constant"].map((schedule) => ({
    disturbance: noDisturbance(spec),
    training: {
      network: "graynet",
      ...compileRecipe(resolveRecipe("graynet", { schedule }, 2)),
      batchSize: 16,
      epochs: 2,
      augmentation: null,
    },
    subset: { size: 32, seed: 1 },
    seed: 5,
  }));
  const outcomes = await testAccuracies(jobs, {
    train,
    test,
    devices: ["cpu"],
    engine: "auto",
    backend: "auto",
  });
  const losses = outcomes.map((outcome) => {
    assert(outcome.type === "TestScores");
    return outcome.testLoss;
  });
  assertEquals(losses[2], losses[0]);
  assertNotEquals(losses[1], losses[0]);
});
