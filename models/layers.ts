/**
 * The kinds of layers. Each is a file in `layers/`, and a line in each of the two lists here.
 *
 * @module
 */
import { type Add, add } from "./layers/add.ts";
import { type AveragePool, averagePool } from "./layers/average_pool.ts";
import { type BatchNorm, batchNorm } from "./layers/batch_norm.ts";
import { type Concat, concat } from "./layers/concat.ts";
import { type Conv, conv } from "./layers/conv.ts";
import { type Dense, dense } from "./layers/dense.ts";
import { type Dropout, dropout } from "./layers/dropout.ts";
import { type Flatten, flatten } from "./layers/flatten.ts";
import { type GlobalAveragePool, globalAveragePool } from "./layers/global_average_pool.ts";
import type { LayerKind } from "./layers/layer_kind.ts";
import { type MaxPool, maxPool } from "./layers/max_pool.ts";
import { type Relu, relu } from "./layers/relu.ts";
import { type Shortcut, shortcut } from "./layers/shortcut.ts";

/** One layer of a network. */
export type Layer =
  | Conv
  | BatchNorm
  | Relu
  | MaxPool
  | AveragePool
  | GlobalAveragePool
  | Flatten
  | Dense
  | Add
  | Concat
  | Shortcut
  | Dropout;

/** The layer of a kind. */
export type LayerOf<Kind extends Layer["kind"]> = Extract<Layer, { readonly kind: Kind }>;

/** What there is to know about each kind. */
export const layerTable: { readonly [Kind in Layer["kind"]]: LayerKind<LayerOf<Kind>> } = {
  conv,
  batch_norm: batchNorm,
  relu,
  max_pool: maxPool,
  average_pool: averagePool,
  global_average_pool: globalAveragePool,
  flatten,
  dense,
  add,
  concat,
  shortcut,
  dropout,
};

/** The kinds of layers. */
export const layerKinds: readonly Layer["kind"][] = Object.keys(layerTable) as Layer["kind"][];

/** What there is to know about a layer's kind. */
export function kindOf({ kind }: Layer): LayerKind<Layer> {
  return layerTable[kind];
}
