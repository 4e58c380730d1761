import { type LayerKind, type NamedLayer, plain } from "./layer_kind.ts";

/** The mean of each channel: a vector. */
export interface GlobalAveragePool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "global_average_pool";
}

/** See {@linkcode GlobalAveragePool}. */
export const globalAveragePool: LayerKind<GlobalAveragePool> = {
  schema: {},
  samples: "alone",
  featureMaps: "ends",
  place: (_, check) => plain([check.image()[0]]),
};
