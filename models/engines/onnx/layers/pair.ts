import type { Graph } from "../graph.ts";
import { step } from "./step.ts";

/**
 * The higher of two values, element by element, `y = max(a, b)`. `dL/da = dL/dy [a >= b]`, and
 * `dL/db = dL/dy - dL/da`: the gradient goes to the higher one, to the first where they are equal.
 */
export function pairwiseMaximum(graph: Graph, first: string, second: string) {
  return {
    value: graph.node("Max", [first, second]),
    backward: (gradient: string): readonly [toFirst: string, toSecond: string] => {
      const firstWins = step(graph, graph.node("Sub", [first, second]), 1);
      const toFirst = graph.node("Mul", [gradient, firstWins]);
      return [toFirst, graph.node("Sub", [gradient, toFirst])];
    },
  };
}
