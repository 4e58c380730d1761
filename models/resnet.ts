import type { Layer } from "./layers.ts";
import type { Network } from "./network.ts";
import type { ImageShape } from "./shape.ts";

/**
 * A residual network in CIFAR form (He et al., arXiv 1512.03385, section 4.2): a 3 x 3 convolution,
 * three stages of 16, 32 and 64 channels with `blocks` blocks of two convolutions each, option-A
 * shortcuts, global average pooling. For images of 3 x 32 x 32 and 10 classes ResNet-20 (3 blocks)
 * has 269,722 trained parameters and ResNet-32 (5 blocks) 464,154.
 *
 * @param input Channels, height and width of the images.
 * @param classes How many classes there are.
 * @param blocks Blocks of a stage; the network's depth is 6 times that, plus 2.
 */
function resNet(input: ImageShape, classes: number, blocks: number): Network {
  const layers: Layer[] = [
    { kind: "conv", name: "conv", filters: 16, kernel: 3, bias: false },
    { kind: "batch_norm", name: "norm" },
    { kind: "relu", name: "relu" },
  ];
  let previous = "relu";
  for (const [stage, filters] of [16, 32, 64].entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `stage${stage + 1}.block${block + 1}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      layers.push(...residualBlock(name, previous, filters, stride));
      previous = `${name}.relu2`;
    }
  }
  layers.push(
    { kind: "global_average_pool", name: "pool" },
    { kind: "dense", name: "dense", units: classes },
  );
  return { name: `resnet${6 * blocks + 2}`, input, classes, layers };
}

function residualBlock(name: string, input: string, filters: number, stride: number): Layer[] {
  const shortcut: Layer[] = stride === 1
    ? []
    : [{ kind: "shortcut", name: `${name}.shortcut`, inputs: [input], filters, stride }];
  return [
    {
      kind: "conv",
      name: `${name}.conv1`,
      inputs: [input],
      filters,
      kernel: 3,
      stride,
      bias: false,
    },
    { kind: "batch_norm", name: `${name}.norm1` },
    { kind: "relu", name: `${name}.relu1` },
    { kind: "conv", name: `${name}.conv2`, filters, kernel: 3, bias: false },
    { kind: "batch_norm", name: `${name}.norm2` },
    ...shortcut,
    {
      kind: "add",
      name: `${name}.add`,
      inputs: [`${name}.norm2`, shortcut[0]?.name ?? input],
    },
    { kind: "relu", name: `${name}.relu2` },
  ];
}

/** ResNet-20, see arXiv 1512.03385, section 4.2: 269,722 trained parameters on 3 x 32 x 32. */
export function resNet20(input: ImageShape, classes: number): Network {
  return resNet(input, classes, 3);
}

/** ResNet-32, see arXiv 1512.03385, section 4.2: 464,154 trained parameters on 3 x 32 x 32. */
export function resNet32(input: ImageShape, classes: number): Network {
  return resNet(input, classes, 5);
}
