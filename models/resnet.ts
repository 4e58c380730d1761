import type { Layer } from "./layers.ts";
import type { Network } from "./network.ts";
import type { ImageShape } from "./shape.ts";

/** How a residual network is laid out; its stages after the first one halve height and width. */
interface ResNetPlan {
  readonly name: string;
  /** Channels of each stage; the first convolution has those of the first one. */
  readonly stages: readonly number[];
  /** Blocks of two convolutions in each stage. */
  readonly blocks: number;
  /** What a block whose output is smaller than its input adds its input through. */
  readonly shortcut: typeof zeroPadded;
}

/**
 * A residual network for small images (He et al., arXiv 1512.03385, section 4.2): a 3 x 3 convolution,
 * stages of blocks, global average pooling.
 */
function resNet(input: ImageShape, classes: number, plan: ResNetPlan): Network {
  const { name, stages, blocks, shortcut } = plan;
  const layers: Layer[] = [
    { kind: "conv", name: "conv", filters: stages[0]!, kernel: 3, bias: false },
    { kind: "batch_norm", name: "norm" },
    { kind: "relu", name: "relu" },
  ];
  let previous = "relu";
  for (const [stage, filters] of stages.entries()) {
    for (let block = 0; block < blocks; block++) {
      const name = `stage${stage + 1}.block${block + 1}`;
      const shrinks = stage > 0 && block === 0;
      layers.push(...residualBlock(name, previous, filters, shrinks ? shortcut : undefined));
      previous = `${name}.relu2`;
    }
  }
  layers.push(
    { kind: "global_average_pool", name: "pool" },
    { kind: "dense", name: "dense", units: classes },
  );
  return { name, input, classes, layers };
}

/** Option A: every second pixel, and zeros for the channels that are new. */
function zeroPadded(name: string, input: string, filters: number): Layer[] {
  return [{ kind: "shortcut", name: `${name}.shortcut`, inputs: [input], filters, stride: 2 }];
}

/** Option B: a 1 x 1 convolution. */
function projected(name: string, input: string, filters: number): Layer[] {
  return [
    {
      kind: "conv",
      name: `${name}.projection`,
      inputs: [input],
      filters,
      kernel: 1,
      stride: 2,
      bias: false,
    },
    { kind: "batch_norm", name: `${name}.projection_norm` },
  ];
}

/** @param shrink Of a block that halves height and width. */
function residualBlock(
  name: string,
  input: string,
  filters: number,
  shrink: ResNetPlan["shortcut"] | undefined,
): Layer[] {
  const shortcut = shrink?.(name, input, filters) ?? [];
  return [
    {
      kind: "conv",
      name: `${name}.conv1`,
      inputs: [input],
      filters,
      kernel: 3,
      stride: shrink ? 2 : 1,
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
      inputs: [`${name}.norm2`, shortcut.at(-1)?.name ?? input],
    },
    { kind: "relu", name: `${name}.relu2` },
  ];
}

/** Three stages of 16, 32 and 64 channels, option A; its depth is 6 times the blocks, plus 2. */
function cifarResNet(input: ImageShape, classes: number, blocks: number): Network {
  const name = `resnet${6 * blocks + 2}`;
  return resNet(input, classes, { name, stages: [16, 32, 64], blocks, shortcut: zeroPadded });
}

/** ResNet-20, see arXiv 1512.03385, section 4.2: 269,722 trained parameters on 3 x 32 x 32. */
export function resNet20(input: ImageShape, classes: number): Network {
  return cifarResNet(input, classes, 3);
}

/** ResNet-32, see arXiv 1512.03385, section 4.2: 464,154 trained parameters on 3 x 32 x 32. */
export function resNet32(input: ImageShape, classes: number): Network {
  return cifarResNet(input, classes, 5);
}

/**
 * ResNet-18 (arXiv 1512.03385, table 1) as it is usual for images of 32 x 32: the first convolution is
 * 3 x 3 with stride 1, and no pooling follows it. Four stages of 64 to 512 channels with two blocks
 * each, option B: 11,173,962 trained parameters on 3 x 32 x 32 and 10 classes.
 */
export function resNet18(input: ImageShape, classes: number): Network {
  const stages = [64, 128, 256, 512];
  return resNet(input, classes, { name: "resnet18", stages, blocks: 2, shortcut: projected });
}
