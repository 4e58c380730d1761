import type { Layer } from "./layers.ts";
import type { Network } from "./network.ts";
import type { ImageShape } from "./shape.ts";

const growth = 12;
const layersPerBlock = 12;

/**
 * DenseNet-40 (Huang et al., arXiv 1608.06993, table of CIFAR networks): growth 12, no bottleneck, no
 * compression. 1,019,722 trained parameters for images of 3 x 32 x 32 and 10 classes.
 *
 * @param input Channels, height and width of the images.
 * @param classes How many classes there are.
 */
export function denseNet40(input: ImageShape, classes: number): Network {
  const layers: Layer[] = [
    { kind: "conv", name: "conv", filters: 16, kernel: 3, bias: false },
  ];
  let previous = "conv";
  let channels = 16;
  for (const block of [1, 2, 3]) {
    for (let layer = 1; layer <= layersPerBlock; layer++) {
      const name = `block${block}.layer${layer}`;
      layers.push(...composite(name, previous, growth, 3), {
        kind: "concat",
        name: `${name}.concat`,
        inputs: [previous, `${name}.conv`],
      });
      previous = `${name}.concat`;
      channels += growth;
    }
    if (block === 3) break;
    const name = `transition${block}`;
    layers.push(...composite(name, previous, channels, 1), {
      kind: "average_pool",
      name: `${name}.pool`,
      size: 2,
    });
    previous = `${name}.pool`;
  }
  layers.push(
    { kind: "batch_norm", name: "norm" },
    { kind: "relu", name: "relu" },
    { kind: "global_average_pool", name: "pool" },
    { kind: "dense", name: "dense", units: classes },
  );
  return { name: "densenet40", input, classes, layers };
}

/** Batch normalisation, ReLU and convolution: the paper's H. */
function composite(name: string, input: string, filters: number, kernel: number): Layer[] {
  return [
    { kind: "batch_norm", name: `${name}.norm`, inputs: [input] },
    { kind: "relu", name: `${name}.relu` },
    { kind: "conv", name: `${name}.conv`, filters, kernel, bias: false },
  ];
}
