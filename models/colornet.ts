import type { Layer } from "./layers.ts";
import type { Network } from "./network.ts";
import type { ImageShape } from "./shape.ts";

/**
 * ColorNet, for CIFAR-10 and SVHN: 32C3-32C3-P-64C3-64C3-P-128C3-128C3-P-512FC-10S
 * (arXiv 2003.06646, section 4). 1,341,226 parameters for images of 3 x 32 x 32 and 10 classes.
 *
 * @param input Channels, height and width of the images.
 * @param classes How many classes there are.
 */
export function colorNet(input: ImageShape, classes: number): Network {
  const stages = [32, 64, 128].flatMap((filters, index): Layer[] => {
    const stage = index + 1;
    return [
      { kind: "conv", name: `conv${stage}a`, filters, kernel: 3 },
      { kind: "relu", name: `relu${stage}a` },
      { kind: "conv", name: `conv${stage}b`, filters, kernel: 3 },
      { kind: "relu", name: `relu${stage}b` },
      { kind: "max_pool", name: `pool${stage}`, size: 2 },
    ];
  });
  return {
    name: "colornet",
    input,
    classes,
    layers: [
      ...stages,
      { kind: "flatten", name: "flatten" },
      { kind: "dense", name: "dense1", units: 512 },
      { kind: "relu", name: "relu4" },
      { kind: "dense", name: "dense2", units: classes },
    ],
  };
}
