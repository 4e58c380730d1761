/**
 * The disturbances that the evolved one is compared with.
 *
 * @module
 */
import { Random } from "../../random.ts";
import { decode, type Disturbance, genomeLength, type GenomeSpec } from "./perturbation.ts";

/** Clean images: no pixel of any class is disturbed. */
export function noDisturbance(spec: GenomeSpec): Disturbance {
  return {
    mode: spec.mode ?? "add",
    shape: spec.shape,
    classes: Array.from({ length: spec.classes }, () => []),
  };
}

/** The paper's baseline: positions and values drawn uniformly, each coordinate from [0, 1). */
export function uniformDisturbance(seed: number, spec: GenomeSpec): Disturbance {
  const random = new Random(seed);
  return decode(new Float64Array(genomeLength(spec)).map(() => random.uniform()), spec);
}

/**
 * One pixel of value 1 in the left-most column, whose row encodes the class
 * (Jacobsen et al., arXiv 1811.00401). It has one pixel, whatever `spec.pixels` says.
 *
 * @throws {RangeError} If there are more classes than rows.
 */
export function leftmostDisturbance(spec: GenomeSpec): Disturbance {
  const [channels, height] = spec.shape;
  if (spec.classes > height) {
    throw new RangeError(
      `Cannot encode the class in the left-most column: expected at most ${height} classes, ` +
        `received ${spec.classes}`,
    );
  }
  return {
    mode: spec.mode ?? "add",
    shape: spec.shape,
    classes: Array.from({ length: spec.classes }, (_, label) => [{
      row: Math.floor((label * height) / spec.classes),
      column: 0,
      value: new Array<number>(channels).fill(1),
    }]),
  };
}
