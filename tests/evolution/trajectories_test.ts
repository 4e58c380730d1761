import { assert, assertEquals } from "@std/assert";
import { covarianceMatrix, createState, inject, tell } from "../../evolution/mod.ts";

/** A run of pycma's reference implementation: what it was told, and its state after that. */
interface Trajectory {
  readonly popsize: number;
  readonly sigma0: number;
  readonly x0: readonly number[];
  readonly active: boolean;
  readonly weights: readonly number[];
  readonly mueff: number;
  readonly cc: number;
  readonly cs: number;
  readonly c1: number;
  readonly cmu: number;
  readonly damps: number;
  readonly generations: readonly {
    readonly candidates: readonly (readonly number[])[];
    readonly fitness: readonly number[];
    readonly after?: {
      readonly mean: readonly number[];
      readonly sigma: number;
      readonly ps: readonly number[];
      readonly pc: readonly number[];
      readonly C: readonly (readonly number[])[];
    };
  }[];
}

const folder = new URL("../golden/", import.meta.url);
const names = Array.from(Deno.readDirSync(folder), (entry) => entry.name)
  .filter((name) => /^cma_.*\.json$/.test(name));

Deno.test("there are reference trajectories", () => assert(names.length >= 4));

for (const name of names) {
  Deno.test(`${name}: the state follows the reference for all generations`, () => {
    const golden: Trajectory = JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
    let state = createState({
      mean: golden.x0,
      sigma: golden.sigma0,
      populationSize: golden.popsize,
      active: golden.active,
      constants: "purecma",
      eigenInterval: 0,
    });
    const { weights, muEff, cc, cs, c1, cMu, damping } = state.parameters;
    assertClose("weights", weights, golden.weights);
    assertClose(
      "constants",
      [muEff, cc, cs, c1, cMu, damping],
      [golden.mueff, golden.cc, golden.cs, golden.c1, golden.cmu, golden.damps],
    );
    for (const [t, { candidates, fitness, after }] of golden.generations.entries()) {
      const [asked, given] = inject(state, candidates, { limitLength: false });
      state = tell(asked, given.map((candidate, i) => ({ ...candidate, fitness: fitness[i]! })));
      if (after === undefined) continue;
      assertClose(`mean ${t}`, state.mean, after.mean);
      assertClose(`sigma ${t}`, [state.sigma], [after.sigma]);
      assertClose(`ps ${t}`, state.pathSigma, after.ps);
      assertClose(`pc ${t}`, state.pathC, after.pc);
      assertClose(`C ${t}`, covarianceMatrix(state).flat(), after.C.flat());
    }
    assertEquals(state.version, golden.generations.length);
  });
}

/** Relative 1e-9; entries that cancel are held against the largest one. */
function assertClose(what: string, actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length, what);
  const largest = Math.max(...expected.map(Math.abs));
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i]! - value);
    const allowed = 1e-9 * Math.max(Math.abs(value), 1e-3 * largest);
    assert(error <= allowed, `${what}[${i}]: ${actual[i]} is not ${value}, error ${error}`);
  }
}
