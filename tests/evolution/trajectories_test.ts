import ellipsoid from "../golden/cma_elli_n10.json" with { type: "json" };
import ellipsoidActive from "../golden/cma_elli_n10_active.json" with { type: "json" };
import rosenbrock from "../golden/cma_rosen_n8.json" with { type: "json" };
import sphere from "../golden/cma_sphere_n5.json" with { type: "json" };
import { assert, assertEquals } from "@std/assert";
import { covarianceMatrix, createState, inject, tell } from "../../evolution/mod.ts";

const trajectories = { sphere, ellipsoid, ellipsoidActive, rosenbrock };

for (const [name, golden] of Object.entries(trajectories)) {
  Deno.test(`${name}: the state follows the reference for all generations`, () => {
    let state = createState({
      mean: golden.x0,
      sigma: golden.sigma0,
      populationSize: golden.popsize,
      active: golden.active,
      constants: "purecma",
      eigenInterval: 0,
    });
    assertClose("weights", state.parameters.weights, golden.weights);
    for (
      const [ours, theirs] of [["muEff", "mueff"], ["cc", "cc"], ["cs", "cs"], ["c1", "c1"], [
        "cMu",
        "cmu",
      ], ["damping", "damps"]] as const
    ) assertClose(ours, [state.parameters[ours]], [golden[theirs]]);

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

/** Relative to the largest entry, so that entries that cancel to almost nothing do not decide. */
function assertClose(what: string, actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length, what);
  const scale = Math.max(...expected.map(Math.abs)) || 1;
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i]! - value) / scale;
    assert(error <= 1e-9, `${what}[${i}]: ${actual[i]} is not ${value}, error ${error}`);
  }
}
