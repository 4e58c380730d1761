import { type LayerKind, type NamedLayer, number, plain } from "./layer_kind.ts";

/**
 * The shortcut without parameters of residual networks (He et al., arXiv 1512.03385, option A): every
 * `stride`th pixel, and zeros for the channels that are new.
 */
export interface Shortcut extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "shortcut";
  /** Channels of the output, at least those of the input. */
  readonly filters: number;
  /** Distance of the pixels taken. */
  readonly stride: number;
}

/** See {@linkcode Shortcut}. */
export const shortcut: LayerKind<Shortcut> = {
  schema: { filters: number, stride: number },
  samples: "alone",
  featureMaps: "ends",
  place({ filters, stride }, check) {
    const [channels, height, width] = check.image();
    check.positive({ filters, stride });
    if (filters < channels) {
      throw new RangeError(
        `${check.where} cannot have fewer channels than the ${channels} it reads, ` +
          `received ${filters}`,
      );
    }
    return plain([filters, Math.ceil(height / stride), Math.ceil(width / stride)]);
  },
};
