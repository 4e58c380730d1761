import type { Optimizer } from "../../optimizers.ts";
import type { Graph } from "./graph.ts";

/** How an optimiser's update is computed in the graph. */
export interface UpdateRule {
  /** How many numbers are remembered for each weight; they start at 0. */
  readonly slots: number;
  /** How many scalars each step is given. */
  readonly scalars: number;
  /**
   * The scalars of a step.
   *
   * @param step From 1.
   */
  scalarsOf(step: number, learningRate: number): readonly number[];
  /** Adds the nodes of the update and returns the new weight and slots. */
  update(
    graph: Graph,
    weight: string,
    gradient: string,
    slots: readonly string[],
    scalars: readonly string[],
  ): readonly string[];
}

/** The update rule of an optimiser. */
export function updateRule(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case "sgd":
      return {
        slots: 0,
        scalars: 1,
        scalarsOf: (_, learningRate) => [learningRate],
        update: (graph, weight, gradient, _slots, [rate]) => {
          const decayed = decay(graph, weight, gradient, optimizer.weightDecay);
          return [subtract(graph, weight, multiply(graph, decayed, rate!))];
        },
      };
    case "momentum":
      return {
        slots: 1,
        scalars: 1,
        scalarsOf: (_, learningRate) => [learningRate],
        update: (graph, weight, gradient, [velocity], [rate]) => {
          const decayed = decay(graph, weight, gradient, optimizer.weightDecay);
          const momentum = graph.float(optimizer.momentum);
          const moved = add(graph, multiply(graph, velocity!, momentum), decayed);
          const direction = optimizer.nesterov
            ? add(graph, decayed, multiply(graph, moved, momentum))
            : moved;
          return [subtract(graph, weight, multiply(graph, direction, rate!)), moved];
        },
      };
    case "adam": {
      const { beta1, beta2, epsilon, decoupledWeightDecay } = optimizer;
      // The slots hold m / (1 - beta1) and v / (1 - beta2), which saves a product for each; with
      // that and the bias corrections in the scalars, w -= rate m / (sqrt(v) + epsilon).
      return {
        slots: 2,
        scalars: 3,
        scalarsOf: (step, learningRate) => {
          const scale = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
          return [
            learningRate * (1 - beta1) / (1 - beta1 ** step) * scale,
            epsilon * scale,
            1 - learningRate * decoupledWeightDecay,
          ];
        },
        update: (graph, weight, gradient, slots, [rate, small, keep]) => {
          const [first, second] = moments(graph, gradient, slots, beta1, beta2);
          const root = add(graph, graph.node("Sqrt", [second]), small!);
          const change = multiply(graph, graph.node("Div", [first, root]), rate!);
          const kept = decoupledWeightDecay === 0 ? weight : multiply(graph, weight, keep!);
          return [subtract(graph, kept, change), first, second];
        },
      };
    }
    case "rmsprop": {
      const { decay: keep, epsilon } = optimizer;
      const scale = Math.sqrt(1 / (1 - keep));
      return {
        slots: 1,
        scalars: 1,
        scalarsOf: (_, learningRate) => [learningRate * scale],
        update: (graph, weight, gradient, [old], [rate]) => {
          const square = multiply(graph, gradient, gradient);
          const mean = add(graph, multiply(graph, old!, graph.float(keep)), square);
          const root = add(graph, graph.node("Sqrt", [mean]), graph.float(epsilon * scale));
          const change = multiply(graph, graph.node("Div", [gradient, root]), rate!);
          return [subtract(graph, weight, change), mean];
        },
      };
    }
    case "adabound": {
      const { beta1, beta2, epsilon, finalLearningRate, baseLearningRate, gamma } = optimizer;
      return {
        slots: 2,
        scalars: 4,
        scalarsOf: (step, learningRate) => {
          const final = finalLearningRate * learningRate / baseLearningRate;
          const scale = Math.sqrt(1 / (1 - beta2));
          const correction = Math.sqrt(1 - beta2 ** step) / (1 - beta1 ** step);
          return [
            learningRate * correction * (1 - beta1) * scale,
            epsilon * scale,
            final * (1 - 1 / (gamma * step + 1)) * (1 - beta1),
            final * (1 + 1 / (gamma * step)) * (1 - beta1),
          ];
        },
        update: (graph, weight, gradient, slots, [rate, small, lower, upper]) => {
          const [first, second] = moments(graph, gradient, slots, beta1, beta2);
          const root = add(graph, graph.node("Sqrt", [second]), small!);
          const bounded = graph.node("Clip", [graph.node("Div", [rate!, root]), lower!, upper!]);
          return [subtract(graph, weight, multiply(graph, bounded, first)), first, second];
        },
      };
    }
  }
}

/** `m / (1 - beta1)` and `v / (1 - beta2)` of Adam after a gradient. */
function moments(
  graph: Graph,
  gradient: string,
  [first, second]: readonly string[],
  beta1: number,
  beta2: number,
): [string, string] {
  const square = multiply(graph, gradient, gradient);
  return [
    add(graph, multiply(graph, first!, graph.float(beta1)), gradient),
    add(graph, multiply(graph, second!, graph.float(beta2)), square),
  ];
}

function decay(graph: Graph, weight: string, gradient: string, weightDecay: number): string {
  if (weightDecay === 0) return gradient;
  return add(graph, gradient, multiply(graph, weight, graph.float(weightDecay)));
}

function add(graph: Graph, a: string, b: string): string {
  return graph.node("Add", [a, b]);
}

function subtract(graph: Graph, a: string, b: string): string {
  return graph.node("Sub", [a, b]);
}

function multiply(graph: Graph, a: string, b: string): string {
  return graph.node("Mul", [a, b]);
}
