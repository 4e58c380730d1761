import { findByName } from "./find_by_name.ts";

/** How the learning rate changes over a run. */
export interface Schedule {
  /** Epochs over which the learning rate grows in a straight line, from a hundredth to all of it. */
  readonly warmup: number;
  /** What comes after. */
  readonly decay: Decay;
}

/** No change, drops by a factor after shares of the run, or half a cosine wave down to 0. */
export type Decay =
  | { readonly kind: "constant" }
  | { readonly kind: "step"; readonly after: readonly number[]; readonly factor: number }
  | { readonly kind: "cosine" };

const schedules: Readonly<Record<string, Schedule>> = {
  constant: { warmup: 0, decay: { kind: "constant" } },
  step: { warmup: 0, decay: { kind: "step", after: [0.5, 0.75], factor: 0.1 } },
  cosine: { warmup: 0, decay: { kind: "cosine" } },
};

/** The names that {@linkcode scheduleByName} knows. */
export const scheduleNames: readonly string[] = Object.keys(schedules);

/**
 * Finds a schedule by its name; `step` drops to a tenth after half and after three quarters.
 *
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function scheduleByName(name: string): Schedule {
  return findByName("a schedule", schedules, name);
}

/**
 * The learning rate at a moment of a run.
 *
 * @param base The learning rate that the schedule scales; positive.
 * @param epoch Epochs done, with fractions: 0 at the first step, below `epochs` at the last.
 * @param epochs Epochs of the run.
 * @throws {RangeError} If the moment is not in the run, or a number of the schedule makes no sense.
 * @throws {TypeError} If the decay is of no known kind.
 */
export function learningRateAt(
  schedule: Schedule,
  base: number,
  epoch: number,
  epochs: number,
): number {
  checkPositive("learning rate", base);
  checkPositive("number of epochs", epochs);
  checkSchedule(schedule);
  const { warmup, decay } = schedule;
  if (!(epoch >= 0 && epoch < epochs)) {
    throw new RangeError(
      `Cannot schedule: the epoch must be at least 0 and below ${epochs}, received ${epoch}`,
    );
  }
  if (epoch < warmup) return base * (0.01 + 0.99 * epoch / warmup);
  const done = (epoch - warmup) / (epochs - warmup);
  switch (decay.kind) {
    case "constant":
      return base;
    case "step":
      return base * decay.factor ** decay.after.filter((share) => done >= share).length;
    case "cosine":
      return base * (1 + Math.cos(Math.PI * done)) / 2;
  }
}

function checkSchedule({ warmup, decay }: Schedule): void {
  if (!Number.isFinite(warmup) || warmup < 0) {
    throw new RangeError(
      `Cannot schedule: the warm-up must be 0 epochs or more, received ${warmup}`,
    );
  }
  switch (decay.kind) {
    case "constant":
    case "cosine":
      return;
    case "step": {
      checkPositive("factor", decay.factor);
      const wrong = decay.after.find((share) => !(share >= 0 && share <= 1));
      if (wrong === undefined) return;
      throw new RangeError(
        `Cannot schedule: drops must come after shares from 0 to 1, received ${wrong}`,
      );
    }
    default:
      throw new TypeError(
        "Cannot schedule: expected a decay of kind constant, step or cosine, " +
          `received "${(decay as Decay).kind}"`,
      );
  }
}

function checkPositive(what: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`Cannot schedule: the ${what} must be positive, received ${value}`);
}
