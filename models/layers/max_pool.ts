import { type LayerKind, type NamedLayer, number } from "./layer_kind.ts";
import { placePool } from "./place_pool.ts";

/** The maximum of each square window; windows do not overlap, and what is left at the edge is dropped. */
export interface MaxPool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "max_pool";
  /** Side and stride of the window. */
  readonly size: number;
}

/** See {@linkcode MaxPool}. */
export const maxPool: LayerKind<MaxPool> = {
  schema: { size: number },
  samples: "alone",
  featureMaps: "ends",
  place: placePool,
};
