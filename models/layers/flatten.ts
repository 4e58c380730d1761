import { elements } from "../shape.ts";
import { type LayerKind, type NamedLayer, plain } from "./layer_kind.ts";

/** Channels, rows and columns as one vector, in that order. */
export interface Flatten extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "flatten";
}

/** See {@linkcode Flatten}. */
export const flatten: LayerKind<Flatten> = {
  schema: {},
  samples: "alone",
  featureMaps: "ends",
  place: (_, check) => plain([elements(check.single())]),
};
