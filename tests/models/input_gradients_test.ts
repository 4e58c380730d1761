import { assertAlmostEquals, assertEquals } from "@std/assert";
import { checkInputGradients } from "./check_input_gradients.ts";
import { cases } from "./layer_cases.ts";
import { samples, small } from "./small_training.ts";
import type { Where } from "./tfjs_backends.ts";

const onnx: Where = { engine: "onnx", backend: "cpu", device: { type: "cpu" } };

for (const [what, network] of Object.entries(cases)) {
  if (network.flat) continue; // Between equal pixels there is no one slope.
  Deno.test(`the slopes of ${what} by its pixels are differences of the loss`, () =>
    checkInputGradients(network, [onnx]));
}

for (const name of ["onnx", "tfjs"] as const) {
  Deno.test(`${name} gives slopes for more images than a run of the model takes`, async () => {
    await using engine = await small(4, "adam", name);
    const { images, labels } = samples(300);
    const all = await engine.inputGradients(images, labels);
    const last = await engine.inputGradients(images.subarray(299 * 64), labels.subarray(299));
    assertEquals(all.length, images.length);
    for (const [i, slope] of last.entries()) assertAlmostEquals(slope, all[299 * 64 + i]!, 1e-6);
  });

  Deno.test(`${name} trains on labels, and on the same labels as shares, alike`, async () => {
    const { images, labels } = samples(4);
    const shares = new Float32Array(12);
    labels.forEach((label, sample) => shares[sample * 3 + label] = 1);
    await using first = await small(4, "adam", name);
    await using second = await small(4, "adam", name);
    for (let step = 0; step < 3; step++) {
      const [a, b] = [
        await first.trainStep(images, labels, 0.01),
        await second.trainStep(images, shares, 0.01),
      ];
      assertEquals(a.correct, b.correct);
      assertAlmostEquals(a.loss, b.loss, 1e-6);
    }
    assertEquals(await first.parameters(), await second.parameters());
  });

  Deno.test(`${name} follows the mean of two losses where a sample is half of two classes`, async () => {
    const { images } = samples(4);
    const half = (...pairs: [number, number][]) => {
      const shares = new Float32Array(12);
      for (const [sample, pair] of pairs.entries()) {
        for (const k of pair) shares[sample * 3 + k]! += 0.5;
      }
      return shares;
    };
    const stepOn = async (targets: Uint8Array | Float32Array) => {
      await using engine = await small(4, "sgd", name);
      const before = await engine.parameters();
      const { loss } = await engine.trainStep(images, targets, 1);
      const after = await engine.parameters();
      const steps = after.flatMap((
        { values },
        i,
      ) => [...values.map((v, j) => v - before[i]!.values[j]!)]);
      return { loss, steps };
    };
    const a = await stepOn(Uint8Array.of(0, 1, 2, 0));
    const b = await stepOn(Uint8Array.of(1, 1, 0, 2));
    const both = await stepOn(half([0, 1], [1, 1], [2, 0], [0, 2]));
    assertAlmostEquals(both.loss, (a.loss + b.loss) / 2, 1e-6);
    for (const [i, step] of both.steps.entries()) {
      assertAlmostEquals(step, (a.steps[i]! + b.steps[i]!) / 2, 1e-6);
    }
  });
}
