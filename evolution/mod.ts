/**
 * CMA-ES (covariance matrix adaptation evolution strategy) as pure functions on a plain state.
 *
 * @example Minimise the sphere
 * ```ts
 * import { ask, createState, Random, tell } from "@mddes/mddes/evolution";
 *
 * let state = createState({ mean: [1, 1, 1], sigma: 0.5 });
 * const random = new Random(7);
 * for (let generation = 0; generation < 60; generation++) {
 *   const [asked, candidates] = ask(state, random);
 *   state = tell(
 *     asked,
 *     candidates.map((candidate) => ({
 *       ...candidate,
 *       fitness: candidate.x.reduce((sum, value) => sum + value * value, 0),
 *     })),
 *   );
 * }
 * if (state.best!.fitness > 1e-6) throw new Error("not there yet");
 * ```
 *
 * @module
 */

export { deriveSeed, Random, type RandomState } from "../random.ts";
export { ask } from "./ask.ts";
export { type Box, intoBox, outOfBox } from "./boundaries.ts";
export type { Covariance, FullCovariance, SeparableCovariance } from "./covariance.ts";
export { createState, type StateOptions } from "./create_state.ts";
export { covarianceMatrix, type Diagnostics, diagnostics } from "./diagnostics.ts";
export type { History } from "./history.ts";
export { inject, type InjectOptions } from "./inject.ts";
export { cellOf, type Cells } from "./integers.ts";
export { defaultPopulationSize, type ParameterOptions, type Parameters } from "./parameters.ts";
export { createRestarts, nextRun, type Restarts, type Run } from "./restarts.ts";
export { type Staleness, tellOne } from "./staleness.ts";
export type { Best, Candidate, Rescaling, Result, State, Waiting } from "./state.ts";
export { shouldStop, type StopOptions, type StopReasons } from "./stopping.ts";
export { tell } from "./tell.ts";
