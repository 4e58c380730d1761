import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  ask,
  type Box,
  createState,
  diagnostics,
  intoBox,
  outOfBox,
  Random,
} from "../../evolution/mod.ts";
import { evolved } from "./objectives.ts";

const boxes: Record<string, Box> = {
  unit: { lower: [0], upper: [1] },
  "tiny, far from 0": { lower: [100], upper: [100.001] },
  "lower only": { lower: [-3], upper: [null] },
  "upper only": { lower: [null], upper: [7] },
};

for (const [name, box] of Object.entries(boxes)) {
  const low = box.lower[0]! ?? box.upper[0]! - 10;
  const high = box.upper[0]! ?? box.lower[0]! + 10;
  const width = high - low;

  Deno.test(`${name}: every point goes into the box`, () => {
    for (let i = -500; i <= 500; i++) {
      const [x] = intoBox(box, [low + width * i / 50]);
      assert(x! >= (box.lower[0] ?? -Infinity) && x! <= (box.upper[0] ?? Infinity), `${i}: ${x}`);
    }
  });

  Deno.test(`${name}: every point of the box is reached, by the point that outOfBox names`, () => {
    for (let i = 0; i <= 100; i++) {
      const x = low + width * i / 100;
      assertAlmostEquals(intoBox(box, outOfBox(box, [x]))[0]!, x, 1e-12 * Math.abs(high));
    }
  });

  Deno.test(`${name}: the map is continuous and has no corners`, () => {
    const h = width / 1e5;
    const slope = (t: number) => (intoBox(box, [t + h])[0]! - intoBox(box, [t])[0]!) / h;
    for (let t = low - 2 * width, last = slope(t - h); t < high + 2 * width; t += h * 50) {
      const now = slope(t);
      const next = slope(t + h);
      assert(Math.abs(next - now) < 0.05, `the slope jumps from ${now} to ${next} at ${t}`);
      assert(Math.abs(now) <= 1 + 1e-6 && Number.isFinite(last));
      last = now;
    }
  });
}

Deno.test("in the middle of the box nothing changes", () => {
  const box = { lower: [0, null], upper: [1, null] };
  assertEquals(intoBox(box, [0.4, -1e9]), [0.4, -1e9]);
  assertEquals(outOfBox(box, [0.4, -1e9]), [0.4, -1e9]);
});

Deno.test("candidates lie in the box and the search finds an optimum in its corner", () => {
  const start = createState({
    mean: [0.5, 0.5, 0.5, 0.5],
    sigma: 0.3,
    bounds: { lower: 0, upper: 1 },
  });
  const [, drawn] = ask(start, new Random(1), 500);
  assert(drawn.every(({ x }) => x.every((value) => value >= 0 && value <= 1)));
  const state = evolved(
    start,
    (x) => x.reduce((sum, v, i) => sum + (i % 2 ? v : 1 - v), 0),
    120,
    new Random(2),
  );
  assert(state.best!.fitness < 1e-6, `reached ${state.best!.fitness}`);
});

Deno.test("a flat fitness does not widen the distribution beyond a third of the box", () => {
  const start = createState({ mean: [0.5, 50], sigma: 10, bounds: { lower: 0, upper: [1, 100] } });
  const state = evolved(start, () => 0, 50, new Random(1));
  assert(diagnostics(state).deviations[0]! <= 1 / 3 + 1e-9);
  assert(diagnostics(state).deviations[1]! <= 100 / 3 + 1e-9);
});

Deno.test("boxes of all sizes are entered and left as a box of size 1 is", () => {
  for (const power of [-200, -170, 154, 160, 200, 300]) {
    const size = 10 ** power;
    const lower = power < 0 ? 1e-6 * size : -size;
    const box = { lower: [lower], upper: [size] };
    for (const part of [-3.1, -1, -0.03, 0, 0.02, 0.5, 0.98, 1.01, 2.2]) {
      const [x] = intoBox(box, [lower + part * (size - lower)]);
      assert(x! >= lower && x! <= size, `${part} became ${x! / size} of 1e${power}`);
      const [again] = intoBox(box, outOfBox(box, [x!]));
      assertAlmostEquals(again! / size, x! / size, 1e-12);
    }
  }
});
