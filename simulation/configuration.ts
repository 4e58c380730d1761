/**
 * The options of simulations, as {@linkcode searchSchema} has those of searches.
 *
 * @module
 */
import * as v from "valibot";
import { populationEntries, type PopulationSettings } from "../actors/configuration.ts";
import { integer, list, text } from "../options.ts";
import { costExpected, parseCost, parseStragglers, stragglersExpected } from "./cost.ts";
import { durationExpected, parseDuration } from "../duration.ts";
import { parseFleet, trainersExpected } from "./fleet.ts";
import { objectiveExpected, parseObjective } from "./objectives.ts";
import { parseStart, startExpected } from "./start.ts";

const { optional } = v;

/** A schema of an option that is a text which a function can read. */
function readable(
  parse: (text: string) => unknown,
  expected: string,
  description: string,
) {
  const isReadable = (value: string) => parse(value) !== undefined;
  return v.pipe(text(expected, description), v.check(isReadable, expected));
}

/** Read `--lease` or `--mtbf`, in milliseconds; `none` is `Infinity`, `undefined` what is neither. */
export function parseSpan(text: string): number | undefined {
  return text === "none" ? Infinity : parseDuration(text) || undefined;
}

const spanExpected = `${durationExpected}, or none`;

/**
 * When the search is over, four messages lie between a trainer and its orderly end, which is to be
 * there within 1.2 s.
 */
const MOST_LATENCY_MS = 250;

/** Read `--latency`, in milliseconds; `undefined` if the text is none. */
export function parseLatency(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms !== undefined && ms <= MOST_LATENCY_MS ? ms : undefined;
}

const fleetSchema = v.pipe(
  list(trainersExpected, "trainers, and how fast each is"),
  v.check((groups) => parseFleet(groups) !== undefined, trainersExpected),
);

/** A pruner has nothing to look at here, no evaluation draws anything, and a lease may be left out. */
const { pruner: _pruner, seeds: _seeds, leaseSeconds: _leaseSeconds, ...searchEntries } =
  populationEntries;

/** Every option of a simulation. Those that are left out take the default that stands here. */
export const simulationSchema = v.strictObject({
  trainers: optional(fleetSchema, ["8"]),
  cost: optional(readable(parseCost, costExpected, "how long a training takes"), "constant:30s"),
  stragglers: optional(
    readable(
      parseStragglers,
      stragglersExpected,
      "share of the trainings that take much longer, and how many times",
    ),
    "none",
  ),
  start: optional(
    readable(
      parseStart,
      startExpected,
      "time that a trainer takes to start, at the beginning and after each failure",
    ),
    "0s",
  ),
  latency: optional(
    readable(
      parseLatency,
      "a duration up to 250ms, such as 5ms",
      "time that a message to or from a trainer takes",
    ),
    "0ms",
  ),
  mtbf: optional(
    readable(
      parseSpan,
      spanExpected,
      "mean time between failures of a trainer, from when it is ready",
    ),
    "none",
  ),
  lease: optional(
    readable(
      parseSpan,
      spanExpected,
      "time without a sign of life before a trainer is replaced",
    ),
    "60s",
  ),
  objective: optional(readable(parseObjective, objectiveExpected, "what is minimised"), "sphere"),
  dimension: optional(
    integer(1, 1000, "length of a point; that of the run with a recorded objective"),
    30,
  ),
  ...searchEntries,
});

/** A checked configuration, with every default filled in: what `config.json` holds. */
export interface SimulationSettings
  extends Omit<PopulationSettings, "pruner" | "seeds" | "leaseSeconds"> {
  /**
   * Trainers, and how fast each is: a number such as `["512"]`, or counts, devices and speeds such as
   * `["8xfast:1", "4xslow:0.3"]`. Default `["8"]`.
   */
  readonly trainers: readonly string[];
  /**
   * How long a training takes on a device of speed 1: `constant:30s`, `uniform:10s,50s`,
   * `lognormal:30s,0.6` (median, sigma), `exponential:30s` (mean), or `recorded:RUN`, which takes the
   * times that were measured in a run. Default `constant:30s`.
   */
  readonly cost: string;
  /** Share of the trainings that take much longer, and how many times: `0.05,10`. Default `none`. */
  readonly stragglers: string;
  /**
   * Time that a trainer takes to start, at the beginning and after each failure, up to `59s`, or
   * `recorded:RUN`, which takes the times that the trainers of a run took. Default `0s`.
   */
  readonly start: string;
  /** Time that a message to or from a trainer takes, up to `250ms`. Default `0ms`. */
  readonly latency: string;
  /**
   * Mean time between failures of a trainer, from when it is ready, such as `6h`, or `none`. Default
   * `none`.
   */
  readonly mtbf: string;
  /** Time without a sign of life before a trainer is replaced, or `none`. Default `60s`. */
  readonly lease: string;
  /**
   * What is minimised: `sphere`, `ellipsoid` or `rastrigin` in a box that stands for [-5, 5], with
   * the minimum 0 where the seed says, or `recorded:RUN`, which gives every candidate the value that
   * it had in a run. Default `sphere`.
   */
  readonly objective: string;
  /** Length of a point, 1 to 1000; with a recorded objective that of the run. Default 30. */
  readonly dimension: number;
}
