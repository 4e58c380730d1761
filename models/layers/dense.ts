import { type LayerKind, type NamedLayer, number } from "./layer_kind.ts";

/** `x W + b` of a vector. */
export interface Dense extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "dense";
  /** Features of the output. */
  readonly units: number;
}

/** See {@linkcode Dense}. */
export const dense: LayerKind<Dense> = {
  schema: { units: number },
  samples: "alone",
  featureMaps: "ends",
  place({ units }, check) {
    const [fanIn] = check.vectorShape();
    check.positive({ units });
    return {
      outputShape: [units],
      parameters: [check.weight([fanIn!, units], fanIn!), check.vector("bias", units, 0)],
    };
  },
};
