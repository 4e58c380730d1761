import { assert, assertEquals } from "@std/assert";
import { UpdateKernel } from "../../models/engines/update/kernel.ts";
import {
  type Optimizer,
  optimizerByName,
  optimizerNames,
  optimizerTable,
  withWeightDecay,
} from "../../models/optimizers.ts";
import { Random } from "../../random.ts";

/** One weight through the optimiser's textbook formula, in 64-bit arithmetic. */
type Textbook = (weight: number, gradients: readonly number[], rate: number) => number;

const textbooks: Readonly<Record<string, Textbook>> = {
  sgd: (weight, gradients, rate) => gradients.reduce((w, g) => w - rate * g, weight),
  momentum: (weight, gradients, rate) => {
    let v = 0;
    return gradients.reduce((w, g) => w - rate * (v = 0.9 * v + g), weight);
  },
  nesterov: (weight, gradients, rate) => {
    let v = 0;
    return gradients.reduce((w, g) => {
      v = 0.9 * v + g;
      return w - rate * (g + 0.9 * v);
    }, weight);
  },
  adam: (weight, gradients, rate) => adam(weight, gradients, rate, 0),
  adamw: (weight, gradients, rate) => adam(weight, gradients, rate, 0.01),
  rmsprop: (weight, gradients, rate) => {
    let v = 0;
    return gradients.reduce((w, g) => {
      v = 0.9 * v + 0.1 * g * g;
      return w - rate * g / (Math.sqrt(v) + 1e-8);
    }, weight);
  },
  adabound: (weight, gradients, rate) => {
    let [m, v] = [0, 0];
    return gradients.reduce((w, g, i) => {
      const t = i + 1;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      const final = 0.1 * rate / 0.001;
      const size = rate * Math.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t) / (Math.sqrt(v) + 1e-8);
      const [low, high] = [1 - 1 / (0.001 * t + 1), 1 + 1 / (0.001 * t)];
      return w - Math.min(Math.max(size, final * low), final * high) * m;
    }, weight);
  },
};

function adam(weight: number, gradients: readonly number[], rate: number, decay: number): number {
  let [m, v] = [0, 0];
  return gradients.reduce((w, g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mean, square] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))];
    return w - rate * decay * w - rate * mean / (Math.sqrt(square) + 1e-8);
  }, weight);
}

function kernel(optimizer: Optimizer, length: number): UpdateKernel {
  return new UpdateKernel(optimizer, length);
}

for (const name of optimizerNames) {
  Deno.test(`${name} moves every weight by its formula`, () => {
    const textbook = textbooks[name];
    assert(textbook, "there is no textbook formula to compare with");
    const { optimizer, learningRate } = optimizerByName(name);
    const [length, steps] = [37, 40];
    const random = new Random(1);
    const weights = Float32Array.from({ length }, () => random.normal());
    const gradients = Array.from(
      { length: steps },
      () => Float32Array.from({ length }, () => random.normal()),
    );
    const update = kernel(optimizer, length);
    // A reset must leave nothing behind.
    update.gradients.fill(1);
    update.update(1, learningRate);
    update.reset();
    update.weights.set(weights);
    for (const [step, gradient] of gradients.entries()) {
      update.gradients.set(gradient);
      update.update(step + 1, learningRate);
    }
    for (const [i, weight] of weights.entries()) {
      const expected = textbook(weight, gradients.map((gradient) => gradient[i]!), learningRate);
      const moved = Math.abs(expected - weight);
      const error = Math.abs(update.weights[i]! - expected);
      assert(error < 1e-5 * Math.max(1, moved), `weight ${i} is off by ${error} after ${moved}`);
    }
  });
}

Deno.test("weight decay pulls weights to zero without a gradient", () => {
  const decayed: Optimizer = {
    kind: "momentum",
    momentum: 0.9,
    nesterov: false,
    weightDecay: 0.5,
  };
  const update = kernel(decayed, 1);
  update.weights[0] = 1;
  update.update(1, 0.1);
  assertEquals(update.weights[0], Math.fround(0.95));
});

Deno.test("every optimiser with a weight decay pulls weights to zero", () => {
  for (const name of optimizerNames) {
    if (optimizerByName(name).weightDecay === null) continue;
    const update = kernel(withWeightDecay(name, 0.5), 1);
    update.weights[0] = 1;
    update.update(1, 0.1);
    assert(update.weights[0]! > 0.9 && update.weights[0]! < 0.951, name);
  }
});

Deno.test("a weight that never had a gradient stays where it is", () => {
  for (const name of optimizerNames) {
    const { optimizer, weightDecay } = optimizerByName(name);
    const update = kernel(weightDecay === null ? optimizer : withWeightDecay(name, 0), 3);
    update.weights.fill(0.25);
    for (let step = 1; step <= 3; step++) update.update(step, 0.01);
    assertEquals([...update.weights], [0.25, 0.25, 0.25], name);
  }
});

Deno.test("no two optimisers have one name", () => {
  const names = Object.values(optimizerTable).flatMap(({ presets }) => Object.keys(presets));
  assertEquals(optimizerNames, names);
});
