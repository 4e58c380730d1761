/**
 * What a victim may do against a disturbance of its training images.
 *
 * @module
 */
import type { Random } from "../../random.ts";
import type { Augmentation } from "../augmentation.ts";
import type { Shape } from "../split.ts";

/** What all defences have. */
interface Described {
  /** What becomes of the images, in a few words. */
  readonly summary: string;
}

/** Turns every image into the same other one each time, as a compression does. */
export interface Filter extends Described {
  readonly kind: "filter";
  /** Numbers of channels of the images that it changes. Default: any. */
  readonly channels?: readonly number[];
  /** @param images Any number of them in N, C, H, W order, 0 to 255. They are changed in place. */
  filter(images: Uint8Array, shape: Shape): void;
}

/** Changes each image in another way each time. */
export interface RandomChange extends Described {
  readonly kind: "random";
  /**
   * @param images Any number of them in N, C, H, W order, values in [0, 1]. They are changed in place.
   * @param augmentation That of the data set.
   */
  change(images: Float32Array, shape: Shape, random: Random, augmentation: Augmentation): void;
}

/** Mixes each image of a batch, and its class, with another one. */
export interface Mixture extends Described {
  readonly kind: "mixture";
  /**
   * @param images A batch in N, C, H, W order, values in [0, 1]. They are changed in place.
   * @param shares How much of each class an image is, `[N, classes]`. They are changed in place.
   */
  mix(images: Float32Array, shares: Float32Array, shape: Shape, random: Random): void;
}

/** Gives the slopes of each image's loss by its pixels. */
export type SlopesOf = (images: Float32Array) => Promise<Float32Array>;

/** Looks near each image for one that the network gets wrong. */
export interface Attack extends Described {
  readonly kind: "attack";
  /** How often it asks for slopes. */
  readonly steps: number;
  /** @param images In N, C, H, W order, values in [0, 1]. They are changed in place. */
  attack(images: Float32Array, slopesOf: SlopesOf, random: Random): Promise<void>;
}

/** A defence of one's own training. */
export type Defence = Filter | RandomChange | Mixture | Attack;
