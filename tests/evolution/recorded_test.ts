import { assertEquals } from "@std/assert";
import {
  ask,
  type Candidate,
  createState,
  Random,
  type State,
  type StateOptions,
  tell,
  tellOne,
} from "../../evolution/mod.ts";
import { evaluated } from "./objectives.ts";

/** Curved, and without functions whose last digit depends on the machine. */
function valley(x: readonly number[]): number {
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    sum += 100 * (x[i]! - x[i - 1]! * x[i - 1]!) ** 2 + i * (1 - x[i - 1]!) ** 2;
  }
  return sum;
}

function generations(options: StateOptions, count: number): State {
  const random = new Random(7);
  let state = createState(options);
  for (let i = 0; i < count; i++) {
    const [asked, candidates] = ask(state, random);
    state = tell(asked, evaluated(candidates, valley));
  }
  return state;
}

function singles(options: StateOptions, count: number): State {
  const random = new Random(7);
  let state = createState(options);
  const busy: Candidate[] = [];
  for (let i = 0; i < count; i++) {
    while (busy.length < 9) {
      const [asked, [candidate]] = ask(state, random, 1);
      state = asked;
      busy.push(candidate!);
    }
    const [done] = busy.splice(i * 7 % busy.length, 1);
    state = tellOne(state, { ...done!, fitness: valley(done!.x) }, { policy: "mix" });
  }
  return state;
}

const start = (n: number) => ({ mean: new Array<number>(n).fill(0.4), sigma: 0.2 });
const box = { bounds: { lower: 0, upper: 1 } };

/** SHA-256 of the distributions as JSON, of version 0.1.0. */
const recorded: Record<string, [() => State, string]> = {
  "5 coordinates": [
    () => generations(start(5), 80),
    "9963bf9e93479b9ba311e26cc65bc7687c7be8ed2475adb2ae76b2a75b434017",
  ],
  "30 coordinates": [
    () => generations(start(30), 120),
    "92aa2b9ffc9732a693f16123d85d6ddd4fa6889add1b51c76ea0fc3ae4a48d4f",
  ],
  "30 coordinates in a box": [
    () => generations({ ...start(30), ...box }, 120),
    "2a23a77de54140897017cf237db4f2193d32a6c9ddab83ec289094f9cccf34f7",
  ],
  "130 coordinates": [
    () => generations(start(130), 40),
    "0c831bc0a9439cf7fedb02fdc1a471ffa93da405d5ea477ed6c2c0e66b0f9cec",
  ],
  "40 variances": [
    () => generations({ ...start(40), variant: "separable" }, 60),
    "5e669f2c8f7d3fd7765f59977f232c75d05c60d272762c309aa232129f16bdb3",
  ],
  "12 coordinates, single results": [
    () => singles(start(12), 900),
    "1eab4582cee4f4d0fcbce3dac5afff7b2e5f0c41da8d387234ad582ccf1f956d",
  ],
};

for (const [name, [run, hash]] of Object.entries(recorded)) {
  Deno.test(`${name}: a seed gives the bytes that it always gave`, async () => {
    const { mean, sigma, scales, covariance, pathSigma, pathC, best } = run();
    const numbers = [mean, sigma, scales, covariance, pathSigma, pathC, best];
    const bytes = new TextEncoder().encode(JSON.stringify(numbers));
    assertEquals(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(), hash);
  });
}
