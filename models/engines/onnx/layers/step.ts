import type { Graph } from "../graph.ts";

/**
 * A step function, `x > 0` or `x >= 0` as 1 or 0. A very steep hard sigmoid is several times faster
 * on a CPU than `Sign`, or a comparison with a cast.
 *
 * @param atZero The value at 0.
 */
export function step(graph: Graph, value: string, atZero: 0 | 1): string {
  return graph.node("HardSigmoid", [value], {
    attributes: { alpha: { float: 1e38 }, beta: { float: atZero } },
  });
}
