import * as v from "valibot";
import { type LayerKind, type NamedLayer, number } from "./layer_kind.ts";

/** A square convolution. */
export interface Conv extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "conv";
  /** Channels of the output. */
  readonly filters: number;
  /** Side of the kernel in pixels. */
  readonly kernel: number;
  /** Default 1. */
  readonly stride?: number;
  /**
   * `same` (the default) centres the kernel: `floor((kernel - 1) / 2)` zeros before and
   * `floor(kernel / 2)` after, so that an odd kernel of stride 1 keeps the size. `valid` adds none.
   */
  readonly padding?: "same" | "valid";
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
}

/** See {@linkcode Conv}. */
export const conv: LayerKind<Conv> = {
  schema: {
    filters: number,
    kernel: number,
    stride: v.optional(number),
    padding: v.optional(v.picklist(["same", "valid"], "same or valid")),
    bias: v.optional(v.boolean("true or false")),
  },
  samples: "alone",
  featureMaps: "makes",
  place(layer, check) {
    const [channels, height, width] = check.image();
    const { filters, kernel, stride = 1 } = layer;
    check.positive({ filters, kernel, stride });
    if (!["same", "valid", undefined].includes(layer.padding)) {
      throw new TypeError(
        `${check.where} needs "same" or "valid" as padding, received "${layer.padding}"`,
      );
    }
    const [before, after] = convPadding(layer);
    const size = (side: number) => Math.floor((side + before + after - kernel) / stride) + 1;
    check.fits([size(height), size(width)], `${kernel}x${kernel} kernel`);
    const fanIn = channels * kernel * kernel;
    const weight = check.weight([filters, channels, kernel, kernel], fanIn);
    return {
      outputShape: [filters, size(height), size(width)],
      parameters: layer.bias === false ? [weight] : [weight, check.vector("bias", filters, 0)],
    };
  },
};

/** Zeros added before and after rows and columns, by a convolution's kernel and padding. */
export function convPadding(layer: Conv): readonly [before: number, after: number] {
  if (layer.padding === "valid") return [0, 0];
  return [Math.floor((layer.kernel - 1) / 2), Math.floor(layer.kernel / 2)];
}
