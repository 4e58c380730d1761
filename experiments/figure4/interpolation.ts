/**
 * Points in the space of a network's weights: on the line through two networks, and off a network
 * in a random direction.
 *
 * @module
 */
import type { Parameter } from "../../models/mod.ts";
import { Random } from "../../random.ts";

/**
 * A sum of networks, each with its share: `shares[i]` times the weights of `networks[i]`.
 *
 * @param networks Of one architecture, at least one.
 * @throws {TypeError} If their parameters do not fit each other.
 */
export function combine(
  networks: readonly (readonly Parameter[])[],
  shares: readonly number[],
): Parameter[] {
  return networks[0]!.map(({ name, shape }) => {
    const parts = networks.map((network) => network.find((other) => other.name === name));
    const wrong = parts.find((part) => part?.shape.join() !== shape.join());
    if (wrong || parts.includes(undefined)) {
      throw new TypeError(
        `Cannot combine networks: expected parameter ${name} of shape ${
          shape.join(" x ")
        } in all ` +
          `of them, received ${wrong ? wrong.shape.join(" x ") : "none"}`,
      );
    }
    const sum = new Float64Array(parts[0]!.values.length);
    parts.forEach((part, which) => {
      const share = shares[which]!;
      part!.values.forEach((value, i) => sum[i]! += share * value);
    });
    const values = Float32Array.from(sum);
    return { name, shape, values };
  });
}

/**
 * Step off a network by `length` along a random direction that is normalised filter by filter (Li et
 * al. 2018, arXiv 1712.09913, section 4): normally distributed, then scaled so that each filter of
 * the direction is as long as the network's. Biases and the parameters of batch normalisation stay.
 *
 * @param length 1 is a step as long as each filter; a negative one goes the opposite way.
 * @param seed Decides the direction.
 */
export function stepOff(
  network: readonly Parameter[],
  length: number,
  seed: number,
): Parameter[] {
  const random = new Random(seed);
  return network.map(({ name, shape, values }) => {
    if (shape.length < 2) return { name, shape, values };
    const direction = Float64Array.from(values, () => random.normal());
    const moved = values.slice();
    for (const filter of filtersOf(shape, values.length)) {
      const scale = norm(values, filter) / norm(direction, filter);
      const { first, stride, count } = filter;
      for (let i = 0, at = first; i < count; i++, at += stride) {
        moved[at]! += length * scale * direction[at]!;
      }
    }
    return { name, shape, values: moved };
  });
}

/** Where the values of a filter lie. */
interface Filter {
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/**
 * The filters of a parameter: each makes one output channel of a convolution `[out, in, height,
 * width]`, or one unit of a dense layer `[in, out]`.
 */
function filtersOf(shape: readonly number[], size: number): Filter[] {
  const isDense = shape.length === 2;
  const filters = isDense ? shape[1]! : shape[0]!;
  const count = size / filters;
  return Array.from(
    { length: filters },
    (_, filter) =>
      isDense
        ? { first: filter, stride: filters, count }
        : { first: filter * count, stride: 1, count },
  );
}

function norm(values: ArrayLike<number>, { first, stride, count }: Filter): number {
  let sum = 0;
  for (let i = 0, at = first; i < count; i++, at += stride) sum += values[at]! ** 2;
  return Math.sqrt(sum);
}
