import { assertEquals, assertThrows } from "@std/assert";
import { compileRecipe, resolveRecipe } from "../../models/mod.ts";

Deno.test("residual and dense networks are trained as their papers say, the others with Adam", () => {
  const residual = {
    optimizer: "momentum",
    learningRate: 0.1,
    weightDecay: 1e-4,
    schedule: "step",
    warmup: 0,
  };
  assertEquals(resolveRecipe("resnet18", {}, 30), { ...residual, weightDecay: 5e-4 });
  assertEquals(resolveRecipe("resnet20", {}, 30), residual);
  assertEquals(resolveRecipe("resnet32", {}, 30), residual);
  assertEquals(resolveRecipe("densenet40", {}, 30), { ...residual, optimizer: "nesterov" });
  assertEquals(resolveRecipe("graynet", {}, 30), {
    optimizer: "adam",
    learningRate: 0.001,
    weightDecay: 0,
    schedule: "constant",
    warmup: 0,
  });
});

Deno.test("what is asked for is kept, and another optimiser brings its usual constants", () => {
  const asked = { learningRate: 0.02, weightDecay: 0, schedule: "cosine", warmup: 2 };
  assertEquals(resolveRecipe("resnet20", asked, 30), { optimizer: "momentum", ...asked });
  assertEquals(resolveRecipe("resnet20", { optimizer: "adamw" }, 30), {
    optimizer: "adamw",
    learningRate: 0.001,
    weightDecay: 0.01,
    schedule: "step",
    warmup: 0,
  });
  assertEquals(resolveRecipe("resnet20", { optimizer: "rmsprop" }, 30).weightDecay, 0);
});

Deno.test("names and numbers become an optimiser and a schedule", () => {
  const { optimizer, learningRate, schedule } = compileRecipe(
    resolveRecipe("densenet40", { warmup: 5 }, 30),
  );
  assertEquals(learningRate, 0.1);
  assertEquals(optimizer, { kind: "momentum", momentum: 0.9, nesterov: true, weightDecay: 1e-4 });
  assertEquals(schedule, {
    warmup: 5,
    decay: { kind: "step", after: [0.5, 0.75], factor: 0.1 },
  });
  const adamw = compileRecipe(
    resolveRecipe("graynet", { optimizer: "adamw", weightDecay: 0.2 }, 3),
  );
  assertEquals(adamw.optimizer, {
    kind: "adam",
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    decoupledWeightDecay: 0.2,
  });
});

Deno.test("a recipe that cannot be followed is refused", () => {
  const refused = (wish: Parameters<typeof resolveRecipe>[1], message: string) =>
    assertThrows(() => resolveRecipe("graynet", wish, 4), RangeError, message);
  refused({ optimizer: "lbfgs" }, `received "lbfgs"`);
  refused({ schedule: "linear" }, `received "linear"`);
  refused(
    { weightDecay: 0.1 },
    "expected sgd, momentum, nesterov, adamw as optimizer, received adam",
  );
  refused({ warmup: 4 }, "expected a warm-up of fewer, received 4");
  refused({ optimizer: "__proto__" }, 'received "__proto__"');
  refused({ schedule: "constructor" }, 'received "constructor"');
  for (const learningRate of [0, -1, NaN, Infinity]) {
    refused(
      { learningRate },
      `Cannot train with a learning rate of ${learningRate}: expected a positive number`,
    );
  }
  for (const wrong of [-1, NaN, Infinity]) {
    refused(
      { warmup: wrong },
      `Cannot train with a warm-up of ${wrong} epochs: expected 0 or more`,
    );
    refused(
      { optimizer: "sgd", weightDecay: wrong },
      `Cannot train with a weight decay of ${wrong}: expected 0 or more`,
    );
  }
  for (const epochs of [0, NaN, 1.5]) {
    assertThrows(
      () => resolveRecipe("graynet", {}, epochs),
      RangeError,
      `Cannot train for ${epochs} epochs: expected a positive integer`,
    );
  }
});
