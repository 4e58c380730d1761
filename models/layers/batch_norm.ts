import type { LayerKind, NamedLayer } from "./layer_kind.ts";

/**
 * Batch normalisation of each channel (Ioffe and Szegedy, arXiv 1502.03167) with epsilon 1e-5:
 * by the batch's mean and variance in training, by their running averages in evaluation. A running
 * average moves a tenth of the way to each batch's mean or unbiased variance.
 */
export interface BatchNorm extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "batch_norm";
}

/** See {@linkcode BatchNorm}. */
export const batchNorm: LayerKind<BatchNorm> = {
  schema: {},
  samples: "together",
  featureMaps: "keeps",
  place(_, check) {
    const shape = check.image();
    const [channels] = shape;
    return {
      outputShape: shape,
      parameters: [
        check.vector("scale", channels, 1),
        check.vector("shift", channels, 0),
        { ...check.vector("running_mean", channels, 0), trained: false },
        { ...check.vector("running_variance", channels, 1), trained: false },
      ],
    };
  },
};
