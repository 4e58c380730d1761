import * as v from "valibot";
import type { ParameterShape, Shape } from "../shape.ts";
import type { LayerCheck } from "./layer_check.ts";

/** What all layers have: a unique name and, where it is not the layer before, the layers it reads. */
export interface NamedLayer {
  /** Unique in the network. `input` is the name of the images. */
  readonly name: string;
  /** Names of the layers read. Default: the layer before in the list. */
  readonly inputs?: readonly string[];
}

/** Everything about a kind of layer that no engine decides. */
export interface LayerKind<L extends NamedLayer> {
  /** What each setting of the layer must be, apart from its range. */
  readonly schema: SettingsSchema<L>;
  /**
   * How training treats the samples of a batch: each `alone`; all `together`, so that a missing one
   * would change the others; or each by numbers that are `drawn` for it at every step.
   */
  readonly samples: "alone" | "together" | "drawn";
  /**
   * Whether the layer `makes` feature maps, as a convolution does, `keeps` every pixel of those that
   * it reads at its place, or `ends` them. Grad-CAM looks at the last ones.
   */
  readonly featureMaps: "makes" | "keeps" | "ends";
  /**
   * Works out the layer's shape from what it reads.
   *
   * @throws {RangeError} If a size is out of range.
   * @throws {TypeError} If the layer does not fit the shapes.
   */
  place(layer: L, check: LayerCheck): Placement;
}

/** The output's shape and the parameters of a layer. */
export interface Placement {
  readonly outputShape: Shape;
  readonly parameters: readonly ParameterShape[];
}

/** The names of a layer's settings. */
type Setting<L> = Exclude<keyof L, keyof NamedLayer | "kind">;

/** A schema for each setting: a setting that is forgotten, or is of another type, does not compile. */
type SettingsSchema<L> = {
  readonly [S in Setting<L>]-?: Record<never, never> extends Pick<L, S>
    ? v.OptionalSchema<v.GenericSchema<NonNullable<L[S]>>, undefined>
    : v.GenericSchema<L[S]>;
};

/** A setting that is a number; its range is checked where the layer is placed. */
export const number = v.number("a number");

/** Of a layer without parameters. */
export function plain(outputShape: Shape): Placement {
  return { outputShape, parameters: [] };
}
