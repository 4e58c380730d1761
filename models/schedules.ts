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
 * @param base The learning rate that the schedule scales.
 * @param epoch Epochs done, with fractions: 0 at the first step, below `epochs` at the last.
 * @param epochs Epochs of the run.
 * @throws {RangeError} If the moment is not in the run.
 */
export function learningRateAt(
  { warmup, decay }: Schedule,
  base: number,
  epoch: number,
  epochs: number,
): number {
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
