/** Channels, height and width of an image. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** `[channels, height, width]` or `[features]`, or the sizes of a parameter. */
export type Shape = readonly number[];

/** What a parameter is, apart from its values. */
export interface ParameterShape {
  /** `LAYER.weight`, `LAYER.bias`, and for batch normalisation `scale`, `shift`, `running_...`. */
  readonly name: string;
  /** The sizes of the canonical layout. */
  readonly shape: Shape;
  /** Inputs of one output for weights, which sets the width of their first draw; 0 for vectors. */
  readonly fanIn: number;
  /** What the values of a vector start as. */
  readonly initial: number;
  /** Whether the optimiser changes it; running averages change by themselves. */
  readonly trained: boolean;
}

/** The product of a shape's sizes. */
export function elements(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}
