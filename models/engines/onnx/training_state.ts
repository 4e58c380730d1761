import * as ort from "onnxruntime-node";
import { elements } from "../../network.ts";
import { names } from "./compile.ts";
import type { UpdateGroup } from "./update_groups.ts";

/** Tensors by the names of a model's inputs or outputs. */
export type Tensors = Record<string, ort.Tensor>;

/** One set of parameters and optimiser slots, in memory that models read and write in place. */
export class TrainingState {
  /** The parameters' values by name, as parts of the groups' vectors. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** The parameters, as the inputs of the layers. */
  readonly layerInputs: Tensors = {};
  /** The groups' vectors and slots, as the inputs of the update. */
  readonly updateInputs: Tensors = {};
  /** The groups' vectors and slots, as the outputs of the update. */
  readonly updateOutputs: Tensors = {};
  readonly #slots: Float32Array[] = [];

  /** @param slots Vectors that the optimiser remembers for each group. */
  constructor(groups: readonly UpdateGroup[], slots: number) {
    const values = new Map<string, Float32Array>();
    for (const group of groups) {
      const vector = this.#vector(names.weights(group.name), group.length);
      let start = 0;
      for (const { name, shape } of group.parameters) {
        const part = vector.subarray(start, start += elements(shape));
        values.set(name, part);
        this.layerInputs[name] = new ort.Tensor("float32", part, shape);
      }
      for (let slot = 0; slot < slots; slot++) {
        this.#slots.push(this.#vector(names.slot(group.name, slot), group.length));
      }
    }
    this.values = values;
  }

  /** Sets all slots to 0, as an optimiser starts. */
  clearSlots(): void {
    for (const slot of this.#slots) slot.fill(0);
  }

  #vector(name: string, length: number): Float32Array {
    const vector = new Float32Array(length);
    const tensor = new ort.Tensor("float32", vector, [length]);
    this.updateInputs[name] = tensor;
    this.updateOutputs[names.updated(name)] = tensor;
    return vector;
  }
}
