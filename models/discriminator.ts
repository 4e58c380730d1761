import type { ImageShape, Network } from "./network.ts";

/**
 * The discriminator: a small CNN that tells disturbed images (class 0) from clean ones (class 1).
 * Two logits and a softmax are the logistic output, so it trains as any other network.
 *
 * @param input Channels, height and width of the images.
 */
export function discriminator(input: ImageShape): Network {
  return {
    name: "discriminator",
    input,
    classes: 2,
    layers: [
      { kind: "conv", name: "conv1", filters: 16, kernel: 3 },
      { kind: "relu", name: "relu1" },
      { kind: "max_pool", name: "pool1", size: 2 },
      { kind: "conv", name: "conv2", filters: 16, kernel: 3 },
      { kind: "relu", name: "relu2" },
      { kind: "max_pool", name: "pool2", size: 2 },
      { kind: "flatten", name: "flatten" },
      { kind: "dense", name: "dense1", units: 2 },
    ],
  };
}
