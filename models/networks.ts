import { colorNet } from "./colornet.ts";
import { denseNet40 } from "./densenet.ts";
import { discriminator } from "./discriminator.ts";
import { findByName } from "./find_by_name.ts";
import { grayNet } from "./graynet.ts";
import type { Network } from "./network.ts";
import { resNet18, resNet20, resNet32 } from "./resnet.ts";
import type { ImageShape } from "./shape.ts";

/** Builds a network for images of a shape and a number of classes. */
export type NetworkBuilder = (input: ImageShape, classes: number) => Network;

const builders: Readonly<Record<string, NetworkBuilder>> = {
  graynet: grayNet,
  colornet: colorNet,
  resnet18: resNet18,
  resnet20: resNet20,
  resnet32: resNet32,
  densenet40: denseNet40,
  discriminator: (input, classes) => {
    if (classes === 2) return discriminator(input);
    throw new RangeError(
      `Cannot build discriminator: it tells 2 classes apart, received ${classes}`,
    );
  },
};

/** The names that {@linkcode networkByName} knows. */
export const networkNames: readonly string[] = Object.keys(builders);

/**
 * Finds a network by its name.
 *
 * @returns What builds the network of that name.
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function networkByName(name: string): NetworkBuilder {
  return findByName("a network", builders, name);
}

/** The network that the paper has for images: GrayNet for grey ones, ColorNet for coloured ones. */
export function networkFor([channels]: ImageShape): string {
  return channels === 1 ? "graynet" : "colornet";
}
