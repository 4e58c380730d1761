import { assert, assertEquals } from "@std/assert";
import {
  ask,
  cellOf,
  createState,
  diagnostics,
  Random,
  type State,
  tell,
} from "../../evolution/mod.ts";

const HEIGHT = 28;
const pixel = (u: number) => Math.min(HEIGHT - 1, Math.floor(u * HEIGHT));

/** Two thirds of the coordinates are pixel positions, the others continuous. */
function disguised(x: readonly number[], targets: readonly number[]): number {
  return x.reduce((sum, u, i) => {
    const error = i % 3 < 2 ? (pixel(u) - targets[i]!) / HEIGHT : u - 0.8;
    return sum + 10 ** (3 * i / (x.length - 1)) * error * error;
  }, 0);
}

/** How many of 5 searches find all pixels within 8,000 evaluations. */
function solved(integers: boolean): number {
  let count = 0;
  for (let seed = 0; seed < 5; seed++) {
    const random = new Random(seed);
    const targets = Array.from({ length: 12 }, () => random.integer(HEIGHT));
    let state = createState({
      mean: targets.map(() => random.uniform()),
      sigma: 0.3,
      bounds: { lower: 0, upper: 1 },
      ...(integers ? { integers: targets.map((_, i) => i % 3 < 2 ? 1 / HEIGHT : null) } : {}),
    });
    while (state.evaluations < 8000 && (state.best?.fitness ?? 1) > 1e-8) {
      const [asked, candidates] = ask(state, random);
      state = tell(
        asked,
        candidates.map((one) => ({ ...one, fitness: disguised(one.x, targets) })),
      );
    }
    if (state.best!.fitness <= 1e-8) count++;
  }
  return count;
}

Deno.test("integer handling finds the pixels where a search without it gets stuck", () => {
  assertEquals(solved(true), 5);
  assert(solved(false) < 5);
});

Deno.test("the deviation of an integer coordinate stays a part of its cell", () => {
  let state: State = createState({
    mean: [0.51, 0.5],
    sigma: 0.2,
    bounds: { lower: 0, upper: 1 },
    integers: [1 / HEIGHT, null],
  });
  const random = new Random(1);
  for (let generation = 0; generation < 150; generation++) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, candidates.map((one) => ({ ...one, fitness: (one.x[1]! - 0.3) ** 2 })));
  }
  const [pixels, continuous] = diagnostics(state).deviations;
  assert(pixels! >= 0.2 / HEIGHT * 0.999, `${pixels} is less than a fifth of a cell`);
  assert(continuous! < 1e-4, `${continuous} has not converged`);
});

Deno.test("cells are numbered from their origin, and the upper bound belongs to the last", () => {
  const cells = { step: 1 / 28, origin: 0 };
  assertEquals([0, 0.035, 0.036, 0.999, 1].map((u) => cellOf(cells, u, 1)), [0, 0, 1, 27, 27]);
  const rounded = { step: 1, origin: -0.5 };
  assertEquals([-0.6, -0.4, 0.4, 2.6].map((u) => cellOf(rounded, u, null)), [-1, 0, 0, 3]);
});
