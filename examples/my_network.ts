/**
 * A network of your own: one file that exports what builds it. Layers are described in
 * models/layers.ts; each reads the one before it, or the ones that it names.
 *
 *     deno task search --network examples/my_network.ts --schedule cosine
 *
 * @module
 */
import type { ImageShape, Network } from "../models/mod.ts";

/**
 * @param input Channels, height and width of the images.
 * @param classes How many classes there are.
 */
export default function myNetwork(input: ImageShape, classes: number): Network {
  return {
    name: "my-network",
    input,
    classes,
    layers: [
      { kind: "conv", name: "conv1", filters: 8, kernel: 5, stride: 2, bias: false },
      { kind: "batch_norm", name: "norm1" },
      { kind: "relu", name: "relu1" },
      { kind: "conv", name: "conv2", filters: 16, kernel: 3, stride: 2, bias: false },
      { kind: "batch_norm", name: "norm2" },
      { kind: "relu", name: "relu2" },
      { kind: "flatten", name: "flatten" },
      { kind: "dropout", name: "dropout", rate: 0.25 },
      { kind: "dense", name: "dense", units: classes },
    ],
  };
}
