import type { Graph } from "../graph.ts";
import { padded } from "../layout.ts";

/** The shape of weights `[filters, channels, kernel, kernel]`. */
export type FilterShape = readonly [filters: number, channels: number, kernel: number];

/** Weights for an input in the plain layout: filters by blocks. */
export function directFilter(
  graph: Graph,
  weight: string,
  [filters, channels, kernel]: FilterShape,
  block: number,
): string {
  const out = padded(filters, block);
  const whole = graph.pad(weight, [0, 0, 0, 0], [out - filters, 0, 0, 0]);
  const split = graph.reshape(whole, out / block, block, channels, kernel, kernel);
  return graph.reshape(graph.transpose(split, 0, 2, 3, 4, 1), out, channels, kernel, kernel);
}

/** Weights for a blocked input: filters and channels by blocks. */
export function blockedFilter(
  graph: Graph,
  weight: string,
  shape: FilterShape,
  block: number,
): string {
  const [, , kernel] = shape;
  const [split, out, into] = splitFilter(graph, weight, shape, block);
  return graph.reshape(graph.transpose(split, 0, 2, 4, 5, 3, 1), out, into, kernel, kernel);
}

/** Weights for the input's gradient: filters and channels swapped, the kernel turned by 180°. */
export function turnedFilter(
  graph: Graph,
  weight: string,
  shape: FilterShape,
  block: number,
): string {
  const [, , kernel] = shape;
  const turned = graph.slice(weight, [2, 3], [-1, -1], [-kernel - 1, -kernel - 1], -1);
  const [split, out, into] = splitFilter(graph, turned, shape, block);
  return graph.reshape(graph.transpose(split, 2, 0, 4, 5, 1, 3), into, out, kernel, kernel);
}

function splitFilter(
  graph: Graph,
  weight: string,
  [filters, channels, kernel]: FilterShape,
  block: number,
): [split: string, filters: number, channels: number] {
  const [out, into] = [padded(filters, block), padded(channels, block)];
  const whole = graph.pad(weight, [0, 0, 0, 0], [out - filters, into - channels, 0, 0]);
  const split = graph.reshape(whole, out / block, block, into / block, block, kernel, kernel);
  return [split, out, into];
}
