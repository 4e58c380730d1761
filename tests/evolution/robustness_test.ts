import { assert, assertEquals } from "@std/assert";
import {
  ask,
  type Candidate,
  createState,
  diagnostics,
  Random,
  shouldStop,
  type Staleness,
  type State,
  type StateOptions,
  tell,
  tellOne,
} from "../../evolution/mod.ts";
import { evaluated } from "./objectives.ts";

/** Options of all magnitudes, with and without boxes, integers and scales. */
function randomOptions(random: Random): StateOptions {
  const n = 1 + random.integer(6);
  const magnitude = 10 ** (random.integer(40) - 20);
  const each = <T>(value: () => T) => Array.from({ length: n }, value);
  const sometimes = <T>(part: number, value: T) => random.uniform() < part ? value : null;
  const options: StateOptions = {
    mean: each(() => 0),
    sigma: magnitude * 10 ** (random.integer(12) - 8),
    populationSize: 2 + random.integer(20),
    active: random.uniform() < 0.5,
    variant: random.uniform() < 0.3 ? "separable" : "full",
    scales: each(() => 10 ** (random.integer(8) - 4)),
    integers: each(() => sometimes(0.3, magnitude * 10 ** (random.integer(6) - 4))),
  };
  const lower = each(() => sometimes(0.8, -magnitude * (random.uniform() + 1e-3)));
  const upper = each(() => sometimes(0.8, magnitude * (random.uniform() + 1e-3)));
  return random.uniform() < 0.5 ? options : { ...options, bounds: { lower, upper } };
}

/** A fitness that converges, diverges, is flat, is noise, is huge, or fails now and then. */
function randomObjective(random: Random, scale: number): (x: readonly number[]) => number {
  const kind = random.integer(6);
  const failing = random.uniform() < 0.3 ? random.uniform() : 0;
  return (x) => {
    if (random.uniform() < failing) return [NaN, Infinity, -Infinity][random.integer(3)]!;
    const square = x.reduce((sum, value) => sum + (value / scale) ** 2, 0);
    return [square, -square, 0, random.normal(), square * 1e300, Math.round(square)][kind]!;
  };
}

function assertHealthy(state: State): void {
  const { mean, sigma, deviations } = diagnostics(state);
  assert([sigma, ...mean, ...deviations].every(Number.isFinite), JSON.stringify(state));
  mean.forEach((value, i) => {
    assert(
      value >= (state.box?.lower[i] ?? -Infinity) && value <= (state.box?.upper[i] ?? Infinity),
    );
  });
  assert(Object.values(shouldStop(state)).every(Number.isFinite));
}

Deno.test("whatever the options and the fitness, a state stays finite, in its box, and plain", () => {
  const random = new Random(1);
  for (let search = 0; search < 150; search++) {
    const options = randomOptions(random);
    const objective = randomObjective(random, options.sigma);
    let state = createState(options);
    for (let generation = 0; generation < 150; generation++) {
      const [asked, candidates] = ask(state, random);
      state = tell(asked, evaluated(candidates, objective));
      assertHealthy(state);
    }
    assertEquals(JSON.parse(JSON.stringify(state)), state);
  }
});

Deno.test("so it does with single results under every policy", () => {
  const random = new Random(2);
  const policies: Staleness[] = [{ policy: "mix" }, { policy: "reweight" }, {
    policy: "drop",
    maxAge: 2,
  }];
  for (let search = 0; search < 90; search++) {
    const options = randomOptions(random);
    const objective = randomObjective(random, options.sigma);
    let state = createState(options);
    const busy: Candidate[] = [];
    for (let i = 0; i < 600; i++) {
      while (busy.length < 12) {
        const [asked, [candidate]] = ask(state, random, 1);
        state = asked;
        busy.push(candidate!);
      }
      const [done] = busy.splice(random.integer(busy.length), 1);
      state = tellOne(state, { ...done!, fitness: objective(done!.x) }, policies[search % 3]!);
      assertHealthy(state);
    }
    assertEquals(JSON.parse(JSON.stringify(state)), state);
  }
});

Deno.test("options of every size that a number has are refused, or searched with until a reason", () => {
  const random = new Random(9);
  const size = () => 10 ** (random.integer(632) - 323);
  let searched = 0;
  for (let search = 0; search < 600; search++) {
    const n = 1 + random.integer(4);
    const each = <T>(value: () => T) => Array.from({ length: n }, value);
    const sometimes = <T>(part: number, value: () => T) => random.uniform() < part ? value() : 1;
    const common = sometimes(0.5, size);
    const variances = each(() => sometimes(0.5, size) * common || 1);
    const half = size();
    const options: StateOptions = {
      mean: each(() => 0),
      sigma: sometimes(0.5, size),
      scales: each(() => sometimes(0.3, size)),
      covariance: variances.map((v, i) =>
        variances.map((w, j) => i === j ? v : 0.3 * Math.sqrt(v) * Math.sqrt(w))
      ),
      variant: random.uniform() < 0.3 ? "separable" : "full",
      integers: each(() => random.uniform() < 0.1 ? size() : null),
      bounds: random.uniform() < 0.5 ? { lower: null, upper: null } : { lower: -half, upper: half },
    };
    let state: State;
    try {
      state = createState(options);
    } catch (error) {
      assert(error instanceof RangeError && error.message.startsWith("Cannot create state:"));
      continue;
    }
    searched++;
    const objective = [
      (x: readonly number[]) => x.reduce((sum, value) => sum + value * value, 0),
      (x: readonly number[]) => -x.reduce((sum, value) => sum + Math.abs(value), 0),
      () => random.normal(),
      () => 0,
    ][random.integer(4)]!;
    for (let generation = 0; generation < 60; generation++) {
      assertHealthy(state);
      if (Object.keys(shouldStop(state)).length > 0) break;
      const [asked, candidates] = ask(state, random);
      state = tell(asked, evaluated(candidates, objective));
    }
    assertEquals(JSON.parse(JSON.stringify(state)), state);
  }
  assert(searched > 200, `${searched} searches`);
});
