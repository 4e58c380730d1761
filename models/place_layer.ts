import { convPadding, type Layer, layerKinds } from "./layers.ts";
import { elements, type ImageShape, type ParameterShape, type Shape } from "./shape.ts";

/** The output's shape and the parameters of a layer. */
export interface Placement {
  readonly outputShape: Shape;
  readonly parameters: readonly ParameterShape[];
}

/**
 * Works out a layer's shape from what it reads.
 *
 * @param network Its name, for messages.
 * @throws {RangeError} If a size is out of range.
 * @throws {TypeError} If the layer does not fit the shapes.
 */
export function placeLayer(network: string, layer: Layer, inputs: readonly Shape[]): Placement {
  const check = new LayerCheck(network, layer, inputs);
  const plain = (outputShape: Shape): Placement => ({ outputShape, parameters: [] });
  switch (layer.kind) {
    case "conv": {
      const [channels, height, width] = check.image();
      const { filters, kernel, stride = 1 } = layer;
      check.positive({ filters, kernel, stride });
      if (!["same", "valid", undefined].includes(layer.padding)) {
        throw new TypeError(
          `${check.where} needs "same" or "valid" as padding, received "${layer.padding}"`,
        );
      }
      const [before, after] = convPadding(layer);
      const size = (side: number) => Math.floor((side + before + after - kernel) / stride) + 1;
      check.fits([size(height), size(width)], `${kernel}x${kernel} kernel`);
      const fanIn = channels * kernel * kernel;
      const weight = check.weight([filters, channels, kernel, kernel], fanIn);
      return {
        outputShape: [filters, size(height), size(width)],
        parameters: layer.bias === false ? [weight] : [weight, check.vector("bias", filters, 0)],
      };
    }
    case "batch_norm": {
      const [channels] = check.image();
      return {
        outputShape: inputs[0]!,
        parameters: [
          check.vector("scale", channels, 1),
          check.vector("shift", channels, 0),
          { ...check.vector("running_mean", channels, 0), trained: false },
          { ...check.vector("running_variance", channels, 1), trained: false },
        ],
      };
    }
    case "max_pool":
    case "average_pool": {
      const [channels, height, width] = check.image();
      const { size } = layer;
      check.positive({ size });
      const sides = [Math.floor(height / size), Math.floor(width / size)];
      check.fits(sides, `${size}x${size} window`);
      return plain([channels, ...sides]);
    }
    case "global_average_pool":
      return plain([check.image()[0]]);
    case "relu":
      return plain(check.single());
    case "dropout":
      if (!(layer.rate >= 0 && layer.rate < 1)) {
        throw new RangeError(
          `${check.where} needs a rate of at least 0 and below 1, received ${layer.rate}`,
        );
      }
      return plain(check.single());
    case "flatten":
      return plain([elements(check.single())]);
    case "dense": {
      const [fanIn] = check.vectorShape();
      check.positive({ units: layer.units });
      return {
        outputShape: [layer.units],
        parameters: [
          check.weight([fanIn!, layer.units], fanIn!),
          check.vector("bias", layer.units, 0),
        ],
      };
    }
    case "add": {
      const [first, ...others] = check.several();
      for (const other of others) {
        if (`${other}` !== `${first}`) throw check.mismatch("equal shapes");
      }
      return plain(first!);
    }
    case "concat": {
      const shapes = check.several();
      const [, height, width] = shapes[0]!;
      const fit = shapes.every((shape) =>
        shape.length === 3 && shape[1] === height && shape[2] === width
      );
      if (!fit) throw check.mismatch("images of one height and width");
      const channels = shapes.reduce((sum, shape) => sum + shape[0]!, 0);
      return plain([channels, height!, width!]);
    }
    case "shortcut": {
      const [channels, height, width] = check.image();
      const { filters, stride } = layer;
      check.positive({ filters, stride });
      if (filters < channels) {
        throw new RangeError(
          `${check.where} cannot have fewer channels than the ${channels} it reads, ` +
            `received ${filters}`,
        );
      }
      return plain([filters, Math.ceil(height / stride), Math.ceil(width / stride)]);
    }
    default:
      throw new TypeError(
        `${check.where} is of no known kind, expected one of ${layerKinds.join(", ")}`,
      );
  }
}

/** What is said about a layer that does not fit. */
class LayerCheck {
  readonly where: string;
  readonly #name: string;
  readonly #inputs: readonly Shape[];

  constructor(network: string, layer: Layer, inputs: readonly Shape[]) {
    this.where = `Cannot build ${network}: layer "${layer.name}" (${layer.kind})`;
    this.#name = layer.name;
    this.#inputs = inputs;
  }

  single(): Shape {
    const [shape, ...others] = this.#inputs;
    if (shape === undefined || others.length > 0) throw this.mismatch("one input");
    return shape;
  }

  image(): ImageShape {
    const shape = this.single();
    if (shape.length !== 3) throw this.mismatch("[channels, height, width]");
    return shape as ImageShape;
  }

  vectorShape(): Shape {
    const shape = this.single();
    if (shape.length !== 1) throw this.mismatch("a vector, as a flatten gives");
    return shape;
  }

  several(): readonly Shape[] {
    if (this.#inputs.length < 2) throw this.mismatch("two inputs or more");
    return this.#inputs;
  }

  mismatch(expected: string): TypeError {
    const received = this.#inputs.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    return new TypeError(`${this.where} expects ${expected}, received ${received || "none"}`);
  }

  positive(sizes: Readonly<Record<string, number>>): void {
    for (const [what, size] of Object.entries(sizes)) {
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new RangeError(
          `${this.where} needs a positive integer as ${what}, received ${size}`,
        );
      }
    }
  }

  fits(sides: readonly number[], what: string): void {
    if (sides.some((side) => side < 1)) {
      throw new TypeError(
        `${this.where} has a ${what} too big for [${this.#inputs[0]!.join(", ")}]`,
      );
    }
  }

  weight(shape: Shape, fanIn: number): ParameterShape {
    return { name: `${this.#name}.weight`, shape, fanIn, initial: 0, trained: true };
  }

  vector(what: string, length: number, initial: number): ParameterShape {
    return { name: `${this.#name}.${what}`, shape: [length], fanIn: 0, initial, trained: true };
  }
}
