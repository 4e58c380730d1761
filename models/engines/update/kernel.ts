import { type Optimizer, updateRule } from "../../optimizers.ts";
import type { Arithmetic, UpdateRule } from "../../optimizers/update_rule.ts";
import { encodeModule, f32, instruction, localGet, localSet, simd, unsigned } from "./wasm.ts";

/** Numbers that a WebAssembly vector holds. */
const lanes = 4;

/**
 * Memories of disposed kernels, by their pages. The garbage collector does not feel how big a memory
 * is, so without this an engine after another would pile them up.
 */
const spareMemories = new Map<number, WebAssembly.Memory[]>();

/** Compiled modules, by all that they depend on. */
const modules = new Map<string, WebAssembly.Module>();

/**
 * The parameters of a network, their gradients and the optimiser's slots, each as one vector of the
 * same WebAssembly memory, and the update that reads all of them and writes parameters and slots in
 * one pass. Operators of ONNX Runtime would need a pass each: four times as long with Adam.
 */
export class UpdateKernel implements Disposable {
  /** Change it to set the parameters. */
  readonly weights: Float32Array;
  /** Write here before {@linkcode update}. */
  readonly gradients: Float32Array;
  readonly #pages: number;
  readonly #memory: WebAssembly.Memory;
  readonly #slots: Float32Array;
  readonly #rule: UpdateRule;
  readonly #run: (scalars: readonly number[]) => void;

  /** @param length How many parameters there are. */
  constructor(optimizer: Optimizer, length: number) {
    const rule = updateRule(optimizer);
    const padded = Math.ceil(length / 16) * 16;
    const bytes = padded * Float32Array.BYTES_PER_ELEMENT;
    const vectors = 2 + rule.slots;
    this.#pages = Math.ceil(vectors * bytes / 65536);
    const memory = spareMemories.get(this.#pages)?.pop() ??
      new WebAssembly.Memory({ initial: this.#pages });
    new Uint8Array(memory.buffer).fill(0);
    this.#memory = memory;
    this.#rule = rule;
    this.weights = new Float32Array(memory.buffer, 0, length);
    this.gradients = new Float32Array(memory.buffer, bytes, length);
    this.#slots = new Float32Array(memory.buffer, 2 * bytes, rule.slots * padded);
    const key = JSON.stringify([optimizer, bytes]);
    const module = modules.get(key) ?? new WebAssembly.Module(updateModule(rule, bytes));
    modules.set(key, module);
    const { exports } = new WebAssembly.Instance(module, { js: { memory } });
    const run = exports.update as (bytes: number, ...scalars: readonly number[]) => void;
    this.#run = (scalars) => run(bytes, ...scalars);
  }

  /** Gives the memory to the next kernel; this one is not to be used again. */
  [Symbol.dispose](): void {
    const spare = spareMemories.get(this.#pages) ?? [];
    spareMemories.set(this.#pages, [...spare, this.#memory]);
  }

  /** Forgets all earlier steps. */
  reset(): void {
    this.#slots.fill(0);
  }

  /**
   * One step of the optimiser.
   *
   * @param step From 1.
   */
  update(step: number, learningRate: number): void {
    this.#run(this.#rule.scalarsOf(step, learningRate));
  }
}

/** `update(bytes, ...scalars)`, for weights, gradients and slots that lie `bytes` apart. */
function updateModule(rule: UpdateRule, bytes: number): Uint8Array<ArrayBuffer> {
  const scalarCount = rule.scalarsOf(1, 1).length;
  const position = scalarCount + 1;
  const shared: number[][] = [];
  const vector = (index: number): number[] => [
    ...localGet(position),
    ...simd.load(index * bytes),
  ];
  const math: Arithmetic<number[]> = {
    constant: (value) => [...f32(value), ...simd.splat],
    add: (a, b) => [...a, ...b, ...simd.add],
    subtract: (a, b) => [...a, ...b, ...simd.subtract],
    multiply: (a, b) => [...a, ...b, ...simd.multiply],
    divide: (a, b) => [...a, ...b, ...simd.divide],
    squareRoot: (a) => [...a, ...simd.squareRoot],
    clamp: (a, low, high) => [...a, ...low, ...simd.maximum, ...high, ...simd.minimum],
    share: (a) => {
      const local = position + 1 + shared.length;
      shared.push([...a, ...localSet(local)]);
      return localGet(local);
    },
  };
  const { weight, slots } = rule.update(math, {
    weight: vector(0),
    gradient: vector(1),
    slots: Array.from({ length: rule.slots }, (_, slot) => vector(2 + slot)),
    scalars: Array.from({ length: scalarCount }, (_, i) => [...localGet(1 + i), ...simd.splat]),
  });
  const store = (index: number, value: number[]): number[] => [
    ...localGet(position),
    ...value,
    ...simd.store(index * bytes),
  ];
  return encodeModule({
    scalarCount,
    vectorCount: shared.length,
    body: [
      ...instruction.loop,
      ...shared.flat(),
      ...slots.flatMap((value, slot) => store(2 + slot, value)),
      ...store(0, weight),
      ...localGet(position),
      ...instruction.i32Const,
      ...unsigned(lanes * Float32Array.BYTES_PER_ELEMENT),
      ...instruction.i32Add,
      ...localSet(position),
      ...localGet(position),
      ...localGet(0),
      ...instruction.i32LessUnsigned,
      ...instruction.branchIfToLoop,
      ...instruction.end,
    ],
  });
}
