import { type LayerKind, type NamedLayer, plain } from "./layer_kind.ts";

/** `max(x, 0)`. */
export interface Relu extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "relu";
}

/** See {@linkcode Relu}. */
export const relu: LayerKind<Relu> = {
  schema: {},
  samples: "alone",
  featureMaps: "keeps",
  place: (_, check) => plain(check.single()),
};
