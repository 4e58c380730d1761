import { averagePool, globalAveragePool } from "./layers/average_pool.ts";
import { batchNorm } from "./layers/batch_norm.ts";
import { conv } from "./layers/conv.ts";
import { dense } from "./layers/dense.ts";
import { dropout } from "./layers/dropout.ts";
import { flatten } from "./layers/flatten.ts";
import { add, concat, shortcut } from "./layers/join.ts";
import { maxPool } from "./layers/max_pool.ts";
import { relu } from "./layers/relu.ts";
import type { Kind, Rule } from "./layers/rule.ts";

/** How a kind of layer is computed. */
export interface OnnxLayer<K extends Kind> {
  readonly rule: Rule<K>;
  /** Whether the rule computes the ReLU that alone reads the layer, where the fusion asks for it. */
  readonly takesRelu: boolean;
}

/** How each kind of layer is computed. */
export const onnxLayers: { readonly [K in Kind]: OnnxLayer<K> } = {
  conv: { rule: conv, takesRelu: true },
  batch_norm: { rule: batchNorm, takesRelu: true },
  relu: { rule: relu, takesRelu: false },
  max_pool: { rule: maxPool, takesRelu: false },
  average_pool: { rule: averagePool, takesRelu: false },
  global_average_pool: { rule: globalAveragePool, takesRelu: false },
  flatten: { rule: flatten, takesRelu: false },
  dense: { rule: dense, takesRelu: false },
  add: { rule: add, takesRelu: false },
  concat: { rule: concat, takesRelu: false },
  shortcut: { rule: shortcut, takesRelu: false },
  dropout: { rule: dropout, takesRelu: false },
};
