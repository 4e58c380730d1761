import type { ImageShape, Shape } from "../../shape.ts";
import type { Graph } from "./graph.ts";

/**
 * A named value with one activation for each sample of a batch. With a `block` of 1 it is
 * `[batch, ...shape]`; with a bigger one an image's channels are padded with zeros to whole blocks
 * and the memory is ordered `[batch, channels / block, height, width, block]`.
 */
export interface Activation {
  readonly value: string;
  readonly shape: Shape;
  readonly block: number;
}

/** Marks ONNX Runtime's own blocked operators. */
export const nchwc = { domain: "com.microsoft.nchwc" } as const;

/** `size` rounded up to whole blocks. */
export function padded(size: number, block: number): number {
  return Math.ceil(size / block) * block;
}

/** The shape by which operators know a blocked image of this shape, without its batch axis. */
export function blockedShape([channels, height, width]: ImageShape, block: number): Shape {
  return [padded(channels, block), height, width];
}

/** An image's value in the plain layout, `[batch, channels, height, width]`. */
export function toPlain(graph: Graph, { value, shape, block }: Activation): string {
  if (block === 1) return value;
  return graph.node("ReorderOutput", [value], {
    ...nchwc,
    attributes: { channels: { int: shape[0]! } },
  });
}

/**
 * Puts `stride - 1` zeros between the pixels of `[planes, height, width, block]`.
 *
 * @returns `[planes, (height - 1) stride + 1, (width - 1) stride + 1, block]`.
 */
export function spreadPixels(
  graph: Graph,
  value: string,
  [planes, height, width, block]: readonly [number, number, number, number],
  stride: number,
): string {
  const apart = graph.pad(
    graph.reshape(value, planes, height, 1, width, 1, block),
    [0, 0, 0, 0, 0, 0],
    [0, 0, stride - 1, 0, stride - 1, 0],
  );
  return graph.slice(
    graph.reshape(apart, planes, height * stride, width * stride, block),
    [1, 2],
    [0, 0],
    [(height - 1) * stride + 1, (width - 1) * stride + 1],
  );
}

/**
 * Weaves images into one: `parts[row][column]` are its pixels of every so many rows from `row` and
 * columns from `column`, each `[planes, height, width, block]`.
 *
 * @returns `[planes, height * parts.length, width * parts.length * block]`.
 */
export function weavePixels(
  graph: Graph,
  parts: readonly (readonly string[])[],
  [planes, height, width, block]: readonly [number, number, number, number],
): string {
  const stride = parts.length;
  const lines = parts.map((line) =>
    graph.reshape(
      graph.concat(2, ...line.map((part) => graph.reshape(part, planes * height, width, block))),
      planes * height,
      width * stride * block,
    )
  );
  return graph.reshape(graph.concat(1, ...lines), planes, height * stride, width * stride * block);
}

/** An image's value in the layout of some block size. */
export function toBlocked(graph: Graph, { value, shape, block }: Activation, to: number): string {
  if (block === to) return value;
  if (to === 1) return toPlain(graph, { value, shape, block });
  // The operator fills blocks with zeros itself, but takes only channels by fours.
  const missing = padded(shape[0]!, 4) - shape[0]!;
  return graph.node("ReorderInput", [graph.pad(value, [0, 0, 0, 0], [0, missing, 0, 0])], nchwc);
}
