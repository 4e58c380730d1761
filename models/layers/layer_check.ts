import type { ImageShape, ParameterShape, Shape } from "../shape.ts";

/** What a layer reads, what is said where it does not fit, and the parameters that it has. */
export class LayerCheck {
  /** The beginning of a message. */
  readonly where: string;
  readonly #name: string;
  readonly #inputs: readonly Shape[];

  /**
   * @param network Its name.
   * @param inputs The shapes that the layer reads.
   */
  constructor(
    network: string,
    { name, kind }: { readonly name: string; readonly kind: string },
    inputs: readonly Shape[],
  ) {
    this.where = `Cannot build ${network}: layer "${name}" (${kind})`;
    this.#name = name;
    this.#inputs = inputs;
  }

  /** The shape read, where it must be one. */
  single(): Shape {
    const [shape, ...others] = this.#inputs;
    if (shape === undefined || others.length > 0) throw this.mismatch("one input");
    return shape;
  }

  /** The shape read, where it must be an image's. */
  image(): ImageShape {
    const shape = this.single();
    if (shape.length !== 3) throw this.mismatch("[channels, height, width]");
    return shape as ImageShape;
  }

  /** The shape read, where it must be a vector's. */
  vectorShape(): Shape {
    const shape = this.single();
    if (shape.length !== 1) throw this.mismatch("a vector, as a flatten gives");
    return shape;
  }

  /** The shapes read, where they must be two or more. */
  several(): readonly Shape[] {
    if (this.#inputs.length < 2) throw this.mismatch("two inputs or more");
    return this.#inputs;
  }

  /** The error for shapes that are not what the layer expects. */
  mismatch(expected: string): TypeError {
    const received = this.#inputs.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    return new TypeError(`${this.where} expects ${expected}, received ${received || "none"}`);
  }

  /** @throws {RangeError} If one of the sizes is no positive integer. */
  positive(sizes: Readonly<Record<string, number>>): void {
    for (const [what, size] of Object.entries(sizes)) {
      if (!Number.isSafeInteger(size) || size < 1) {
        throw new RangeError(
          `${this.where} needs a positive integer as ${what}, received ${size}`,
        );
      }
    }
  }

  /**
   * @param sides Of the output.
   * @param what Would leave less than a pixel of them.
   * @throws {TypeError} If it does.
   */
  fits(sides: readonly number[], what: string): void {
    if (sides.some((side) => side < 1)) {
      throw new TypeError(
        `${this.where} has a ${what} too big for [${this.#inputs[0]!.join(", ")}]`,
      );
    }
  }

  /** Weights that are drawn by how many inputs each output has. */
  weight(shape: Shape, fanIn: number): ParameterShape {
    return { name: `${this.#name}.weight`, shape, fanIn, initial: 0, trained: true };
  }

  /** A trained vector that starts with one value. */
  vector(what: string, length: number, initial: number): ParameterShape {
    return { name: `${this.#name}.${what}`, shape: [length], fanIn: 0, initial, trained: true };
  }
}
