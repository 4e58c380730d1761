import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  ask,
  covarianceMatrix,
  createState,
  diagnostics,
  inject,
  Random,
  type State,
  type StateOptions,
  tell,
  tellOne,
} from "../../evolution/mod.ts";
import { deepFrozen, ellipsoid, evaluated, evolved, sphere } from "./objectives.ts";

const mean = [0.5, 0.25, 0.75];
const variants: Record<string, StateOptions> = {
  plain: { mean, sigma: 0.3 },
  separable: { mean, sigma: 0.3, variant: "separable" },
  boxed: { mean, sigma: 0.3, bounds: { lower: 0, upper: [1, null, 1] } },
  mirrored: { mean, sigma: 0.3, populationSize: 3 },
  integers: {
    mean,
    sigma: 0.3,
    bounds: { lower: 0, upper: 1 },
    integers: [1 / 28, { step: 1, origin: -0.5 }, null],
    scales: [1, 2, 3],
    active: false,
  },
};

for (const [name, options] of Object.entries(variants)) {
  Deno.test(`${name}: JSON and structured cloning keep a state in the middle of a run`, () => {
    const random = new Random(3);
    let state = evolved(createState(options), sphere, 7, random);
    const [asked, [one]] = ask(state, random, 1);
    state = tellOne(asked, { ...one!, fitness: NaN }, { policy: "mix" });
    assertEquals(JSON.parse(JSON.stringify(state)), state);
    assertEquals(structuredClone(state), state);
  });

  Deno.test(`${name}: a restored state continues with the same numbers`, () => {
    const half = evolved(createState(options), ellipsoid, 5, new Random(1));
    const restored: State = JSON.parse(JSON.stringify(half));
    assertEquals(
      evolved(restored, ellipsoid, 5, new Random(2)),
      evolved(half, ellipsoid, 5, new Random(2)),
    );
  });

  Deno.test(`${name}: no function modifies what it is given`, () => {
    let state = deepFrozen(createState(options));
    for (let generation = 0; generation < 3; generation++) {
      const [asked, candidates] = deepFrozen(ask(state, new Random(generation)));
      state = deepFrozen(tell(asked, deepFrozen(evaluated(candidates, sphere))));
    }
    const [asked, [one]] = deepFrozen(inject(state, [mean]));
    assertEquals(
      tellOne(asked, deepFrozen({ ...one!, fitness: 1 }), { policy: "mix" }).waiting.length,
      1,
    );
  });
}

Deno.test("scales are the initial deviations in units of sigma", () => {
  const state = createState({ mean, sigma: 0.5, scales: [1, 2, 4] });
  assertEquals(diagnostics(state).deviations, [0.5, 1, 2]);
});

Deno.test("a search can start warm from the mean, sigma and covariance of another", () => {
  const cold = evolved(createState({ mean: [1, 1, 1, 1], sigma: 1 }), ellipsoid, 80, new Random(4));
  const { mean, sigma } = diagnostics(cold);
  const warm = createState({ mean, sigma, covariance: covarianceMatrix(cold) });
  assertEquals(covarianceMatrix(warm), covarianceMatrix(cold));
  assertAlmostEquals(
    Math.log(diagnostics(warm).axisRatio),
    Math.log(diagnostics(cold).axisRatio),
    0.1,
  );
  const [, drawn] = ask(warm, new Random(1), 2000);
  const first = drawn.reduce((sum, { x }) => sum + (x[0]! - mean[0]!) ** 2, 0) / 2000;
  assertAlmostEquals(first / (sigma ** 2 * covarianceMatrix(cold)[0]![0]!), 1, 0.15);
});

Deno.test("a search can start warm from one whose scales differ", () => {
  const scales = [0.1, 0.3, 0.7, 1.1];
  const begun = createState({ mean: [1, 1, 1, 1], sigma: 1, scales });
  const cold = evolved(begun, ellipsoid, 80, new Random(4));
  const warm = createState({ mean: [1, 1, 1, 1], sigma: 1, covariance: covarianceMatrix(cold) });
  assertEquals(covarianceMatrix(warm), covarianceMatrix(cold));
});

Deno.test("diagnostics name the version, the evaluations, the axis ratio and the best", () => {
  const state = evolved(createState({ mean: [1, 1, 1], sigma: 1 }), ellipsoid, 60, new Random(5));
  const { version, evaluations, failures, axisRatio, best } = diagnostics(state);
  assertEquals([version, evaluations, failures], [60, 60 * 7, 0]);
  assert(axisRatio > 100, `the ellipsoid's axis ratio is 1000, learned ${axisRatio}`);
  assertEquals(ellipsoid(best!.x), best!.fitness);
});

Deno.test("options out of their range are refused by name", () => {
  const cases: [Partial<StateOptions>, ErrorConstructor, string][] = [
    [{ mean: [] }, TypeError, "mean must have at least one coordinate"],
    [{ mean: [1, NaN, 0] }, RangeError, "mean must be finite, received NaN"],
    [{ sigma: 0 }, RangeError, "sigma must be positive, received 0"],
    [{ sigma: Infinity }, RangeError, "sigma must be positive, received Infinity"],
    [{ populationSize: 1 }, RangeError, "populationSize must be an integer of at least 2"],
    [{ populationSize: 7.5 }, RangeError, "received 7.5"],
    [{ scales: [1, 2] }, TypeError, "scales must have one value per coordinate, 3, received 2"],
    [{ scales: [1, -1, 1] }, RangeError, "scales must be positive, received -1"],
    [{ bounds: { lower: 0, upper: [1, 1] } }, TypeError, "bounds.upper must have one value"],
    [{ bounds: { lower: NaN, upper: 1 } }, RangeError, "bounds.lower must be finite"],
    [{ bounds: { lower: 1, upper: 1 } }, RangeError, "received 1 and 1 at coordinate 0"],
    [{ bounds: { lower: 0.3, upper: 1 } }, RangeError, "received 0.25 outside [0.3, 1]"],
    [{ bounds: { lower: -1e308, upper: 1e308 } }, RangeError, "four sides of the box must be"],
    [{ sigma: 1e300 }, RangeError, "64-bit numbers must hold each deviation"],
    [{ sigma: 1e-200, scales: [1, 1e-200, 1] }, RangeError, "deviation 0 at coordinate 1"],
    [{ covariance: [[1]] }, TypeError, "covariance must have one value per coordinate"],
    [{ covariance: [[1, 2, 0], [0, 1, 0], [0, 0, 1]] }, RangeError, "covariance must be symmetric"],
    [{ covariance: [[0, 0, 0], [0, 1, 0], [0, 0, 1]] }, RangeError, "diagonal of covariance"],
    [{ integers: [1] }, TypeError, "integers must have one value per coordinate"],
    [{ integers: [1, 0, 1] }, RangeError, "the steps of integers must be positive, received 0"],
    [{ eigenInterval: -1 }, RangeError, "eigenInterval must be a number of at least 0"],
  ];
  for (const [wrong, kind, message] of cases) {
    assertThrows(() => createState({ mean, sigma: 1, ...wrong }), kind, message);
  }
});
