/**
 * Draws what a simulation is like from the number of its plan.
 *
 * @module
 */
import { deriveSeed, Random } from "../../random.ts";
import { PLAN_STREAMS } from "../../random_streams.ts";
import type { SimulationSettings } from "../configuration.ts";

/** Options of a simulation. */
export type Settings = {
  -readonly [Option in keyof SimulationSettings]?: SimulationSettings[Option];
};

/** What was drawn. */
export interface DrawnSettings {
  readonly settings: Settings;
  /** The parts of an evaluation. */
  readonly parts: readonly string[];
}

/** Small searches, in which everything happens that happens in large ones. */
export function drawSettings(number: number): DrawnSettings {
  const random = new Random(deriveSeed(number, PLAN_STREAMS.settings));
  const chance = (share: number) => random.uniform() < share;
  const between = (low: number, high: number) => low + random.integer(high - low + 1);
  const oneOf = <T>(values: readonly T[]) => values[random.integer(values.length)]!;
  const isWide = chance(0.02);
  const mode = oneOf(["sync", "async"] as const);
  const population = isWide ? 150 : between(2, 8);
  const generations = isWide ? 1 : between(1, 5);
  const mostTrainers = mode === "sync" ? population : population * generations;
  const seconds = oneOf([1, 10, 60]);
  const settings: Settings = {
    seed: number,
    mode,
    population,
    generations,
    dimension: between(1, 5),
    trainers: drawTrainers(isWide ? between(110, 150) : between(1, Math.min(6, mostTrainers))),
    objective: oneOf(["sphere", "ellipsoid", "rastrigin"]),
    cost: oneOf([
      `constant:${seconds}s`,
      `uniform:${seconds}s,${3 * seconds}s`,
      `exponential:${seconds}s`,
      `lognormal:${seconds}s,1`,
    ]),
    latency: oneOf(["0ms", "0ms", "5ms", "200ms"]),
    lease: oneOf(["10s", "60s", "5m"]),
    maxAttempts: between(1, 4),
    finalists: between(1, 3),
    finalistRepeats: between(0, 2),
  };
  if (mode === "async") settings.staleness = oneOf(["drop", "mix", "reweight"]);
  if (settings.staleness === "drop") settings.maxAge = between(0, 2);
  const kind = random.uniform();
  if (kind < 0.1) settings.strategy = "random";
  else if (kind < 0.2 && mode === "sync") settings.restarts = oneOf(["ipop", "bipop"]);
  if (chance(0.2)) settings.stragglers = "0.2,10";
  if (chance(0.2)) settings.mtbf = `${seconds * oneOf([3, 10, 30])}s`;
  if (chance(0.2)) settings.target = 10 ** (random.uniform() * 4 - 2);
  return { settings, parts: chance(0.3) ? ["measure", "score"] : ["measure"] };

  /** Some are slower than others now and then. */
  function drawTrainers(count: number): readonly string[] {
    if (count < 2 || chance(0.7)) return [`${count}`];
    const slow = between(1, count - 1);
    return [`${count - slow}xfast:1`, `${slow}xslow:0.3`];
  }
}
