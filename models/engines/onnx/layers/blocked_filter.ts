import type { Graph } from "../graph.ts";
import { nchwc, padded } from "../layout.ts";

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
  const { whole, out, into, kernel } = wholeBlocks(graph, weight, shape, block);
  // Reordering is many times faster than a transposition that moves single numbers.
  const byFilter = graph.node("ReorderInput", [
    graph.reshape(whole, out / block, block, into * kernel, kernel),
  ], nchwc);
  const split = graph.reshape(byFilter, out / block, into / block, block, kernel * kernel, block);
  return graph.reshape(graph.transpose(split, 0, 1, 3, 2, 4), out, into, kernel, kernel);
}

/** Weights for the input's gradient: filters and channels swapped, the kernel turned by 180°. */
export function turnedFilter(
  graph: Graph,
  weight: string,
  shape: FilterShape,
  block: number,
): string {
  const { whole, out, into, kernel } = wholeBlocks(graph, weight, shape, block);
  const byChannel = graph.node("ReorderInput", [whole], nchwc);
  const taps = kernel * kernel;
  const split = graph.reshape(byChannel, out / block, block, into / block, taps, block);
  const swapped = graph.transpose(split, 2, 0, 3, 1, 4);
  const turned = taps === 1 ? swapped : graph.node("Gather", [
    swapped,
    graph.ints(...Array.from({ length: taps }, (_, tap) => taps - 1 - tap)),
  ], { attributes: { axis: { int: 2 } } });
  return graph.reshape(turned, into, out, kernel, kernel);
}

function wholeBlocks(
  graph: Graph,
  weight: string,
  [filters, channels, kernel]: FilterShape,
  block: number,
) {
  const [out, into] = [padded(filters, block), padded(channels, block)];
  const whole = graph.pad(weight, [0, 0, 0, 0], [out - filters, into - channels, 0, 0]);
  return { whole, out, into, kernel };
}
