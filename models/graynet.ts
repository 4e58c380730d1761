import type { Network } from "./network.ts";
import type { ImageShape } from "./shape.ts";

/**
 * GrayNet, for MNIST and Fashion-MNIST: 24C3-P-48C3-P-256FC-10S (arXiv 2003.06646, section 4).
 * 615,594 parameters for images of 1 x 28 x 28 and 10 classes.
 *
 * @param input Channels, height and width of the images.
 * @param classes How many classes there are.
 */
export function grayNet(input: ImageShape, classes: number): Network {
  return {
    name: "graynet",
    input,
    classes,
    layers: [
      { kind: "conv", name: "conv1", filters: 24, kernel: 3 },
      { kind: "relu", name: "relu1" },
      { kind: "max_pool", name: "pool1", size: 2 },
      { kind: "conv", name: "conv2", filters: 48, kernel: 3 },
      { kind: "relu", name: "relu2" },
      { kind: "max_pool", name: "pool2", size: 2 },
      { kind: "flatten", name: "flatten" },
      { kind: "dense", name: "dense1", units: 256 },
      { kind: "relu", name: "relu3" },
      { kind: "dense", name: "dense2", units: classes },
    ],
  };
}
