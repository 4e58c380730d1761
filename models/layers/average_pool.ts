import { type LayerKind, type NamedLayer, number } from "./layer_kind.ts";
import { placePool } from "./place_pool.ts";

/** The mean of each square window; windows do not overlap, and what is left at the edge is dropped. */
export interface AveragePool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "average_pool";
  /** Side and stride of the window. */
  readonly size: number;
}

/** See {@linkcode AveragePool}. */
export const averagePool: LayerKind<AveragePool> = {
  schema: { size: number },
  samples: "alone",
  featureMaps: "ends",
  place: placePool,
};
