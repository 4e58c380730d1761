import { type LayerKind, type NamedLayer, number, plain } from "./layer_kind.ts";

/** In training, sets a share of the values to 0 and scales up the others; nothing in evaluation. */
export interface Dropout extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "dropout";
  /** The share that is dropped, in [0, 1). */
  readonly rate: number;
}

/** See {@linkcode Dropout}. */
export const dropout: LayerKind<Dropout> = {
  schema: { rate: number },
  samples: "drawn",
  featureMaps: "keeps",
  place({ rate }, check) {
    if (!(rate >= 0 && rate < 1)) {
      throw new RangeError(
        `${check.where} needs a rate of at least 0 and below 1, received ${rate}`,
      );
    }
    return plain(check.single());
  },
};
