import { colorNet } from "./colornet.ts";
import { discriminator } from "./discriminator.ts";
import { grayNet } from "./graynet.ts";
import type { ImageShape, Network } from "./network.ts";

/** Builds a network for images of a shape and a number of classes. */
export type NetworkBuilder = (input: ImageShape, classes: number) => Network;

const builders: Readonly<Record<string, NetworkBuilder>> = {
  graynet: grayNet,
  colornet: colorNet,
  discriminator: (input) => discriminator(input),
};

/** The names that {@linkcode networkByName} knows. */
export const networkNames: readonly string[] = Object.keys(builders);

/**
 * @returns What builds the network of that name.
 * @throws {RangeError} If there is none; the message lists the names.
 */
export function networkByName(name: string): NetworkBuilder {
  const builder = Object.hasOwn(builders, name) ? builders[name] : undefined;
  if (!builder) {
    throw new RangeError(
      `Cannot choose a network: expected one of ${networkNames.join(", ")}, received "${name}"`,
    );
  }
  return builder;
}
