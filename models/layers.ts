/** What all layers have: a unique name and, where it is not the layer before, the layers it reads. */
export interface NamedLayer {
  /** Unique in the network. `input` is the name of the images. */
  readonly name: string;
  /** Names of the layers read. Default: the layer before in the list. */
  readonly inputs?: readonly string[];
}

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

/**
 * Batch normalisation of each channel (Ioffe and Szegedy, arXiv 1502.03167) with epsilon 1e-5:
 * by the batch's mean and variance in training, by their running averages in evaluation. A running
 * average moves a tenth of the way to each batch's mean or unbiased variance.
 */
export interface BatchNorm extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "batch_norm";
}

/** `max(x, 0)`. */
export interface Relu extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "relu";
}

/** The maximum of each square window; windows do not overlap, and what is left at the edge is dropped. */
export interface MaxPool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "max_pool";
  /** Side and stride of the window. */
  readonly size: number;
}

/** The mean of each square window; windows do not overlap, and what is left at the edge is dropped. */
export interface AveragePool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "average_pool";
  /** Side and stride of the window. */
  readonly size: number;
}

/** The mean of each channel: a vector. */
export interface GlobalAveragePool extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "global_average_pool";
}

/** Channels, rows and columns as one vector, in that order. */
export interface Flatten extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "flatten";
}

/** `x W + b` of a vector. */
export interface Dense extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "dense";
  /** Features of the output. */
  readonly units: number;
}

/** The sum of layers of one shape. */
export interface Add extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "add";
  /** Two or more layers. */
  readonly inputs: readonly string[];
}

/** The channels of layers one after another. */
export interface Concat extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "concat";
  /** Two or more layers. */
  readonly inputs: readonly string[];
}

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

/** In training, sets a share of the values to 0 and scales up the others; nothing in evaluation. */
export interface Dropout extends NamedLayer {
  /** Says which layer this is. */
  readonly kind: "dropout";
  /** The share that is dropped, in [0, 1). */
  readonly rate: number;
}

/** One layer of a network. */
export type Layer =
  | Conv
  | BatchNorm
  | Relu
  | MaxPool
  | AveragePool
  | GlobalAveragePool
  | Flatten
  | Dense
  | Add
  | Concat
  | Shortcut
  | Dropout;

/** The kinds of layers. */
export const layerKinds: readonly Layer["kind"][] = [
  "conv",
  "batch_norm",
  "relu",
  "max_pool",
  "average_pool",
  "global_average_pool",
  "flatten",
  "dense",
  "add",
  "concat",
  "shortcut",
  "dropout",
];

/** Zeros added before and after rows and columns, by a convolution's kernel and padding. */
export function convPadding(layer: Conv): readonly [before: number, after: number] {
  if (layer.padding === "valid") return [0, 0];
  return [Math.floor((layer.kernel - 1) / 2), Math.floor(layer.kernel / 2)];
}
