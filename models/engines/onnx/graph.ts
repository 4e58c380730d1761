import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import type { Shape } from "../../shape.ts";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from "./onnx_pb.ts";

/** A node's attribute; whole numbers are `{ int }` or `{ float }` as the operator wants. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

/** What a node may have besides its operator and inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Default: the standard operators. */
  readonly domain?: "com.microsoft" | "com.microsoft.nchwc";
}

const versions = { "": 17n, "com.microsoft": 1n, "com.microsoft.nchwc": 1n };

/** A node whose names can still change. */
type Node = MessageInitShape<typeof NodeProtoSchema> & { input: string[]; output: string[] };

/** Collects the nodes of an ONNX model; values are known by their names. */
export class Graph {
  readonly #nodes: Node[] = [];
  readonly #inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #outputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = [];
  readonly #constants = new Map<string, MessageInitShape<typeof TensorProtoSchema>>();
  #count = 0;

  /** Declares a float input. */
  input(name: string, shape: Shape): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Declares that a value is an output. */
  output(name: string, shape: Shape): void {
    this.#outputs.push(valueInfo(name, shape));
  }

  /** Gives a node's output another name, everywhere. */
  rename(from: string, to: string): void {
    for (const { input, output } of this.#nodes) {
      for (const names of [input, output]) {
        for (let i = 0; i < names.length; i++) if (names[i] === from) names[i] = to;
      }
    }
  }

  /** A constant of 64-bit integers, as shapes, axes and offsets are. */
  ints(...values: readonly number[]): string {
    const name = `ints_${values.join("_")}`;
    const data = new BigInt64Array(values.map(BigInt));
    this.#constants.set(name, {
      name,
      dims: [BigInt(values.length)],
      dataType: TensorProto_DataType.INT64,
      rawData: new Uint8Array(data.buffer),
    });
    return name;
  }

  /** A constant number, a scalar that any shape broadcasts. */
  float(value: number): string {
    const name = `float_${value}`;
    this.#constants.set(name, {
      name,
      dims: [],
      dataType: TensorProto_DataType.FLOAT,
      rawData: new Uint8Array(new Float32Array([value]).buffer),
    });
    return name;
  }

  /** A constant vector of one value. */
  filled(length: number, value: number): string {
    const name = `filled_${length}_${value}`;
    this.#constants.set(name, {
      name,
      dims: [BigInt(length)],
      dataType: TensorProto_DataType.FLOAT,
      rawData: new Uint8Array(new Float32Array(length).fill(value).buffer),
    });
    return name;
  }

  /** Adds a node with one output and returns the output's name. */
  node(operator: string, inputs: readonly string[], options: NodeOptions = {}): string {
    return this.nodes(operator, inputs, 1, options)[0]!;
  }

  /** Adds a node with several outputs and returns their names. */
  nodes(
    operator: string,
    inputs: readonly string[],
    outputs: number,
    options: NodeOptions = {},
  ): string[] {
    const names = Array.from(
      { length: outputs },
      (_, index) => `${operator}_${this.#count}_${index}`,
    );
    const { attributes = {}, domain = "" } = options;
    this.#nodes.push({
      name: `${operator}_${this.#count++}`,
      opType: operator,
      domain,
      input: [...inputs],
      output: [...names],
      attribute: Object.entries(attributes).map(([name, value]) => encodeAttribute(name, value)),
    });
    return names;
  }

  /** `value` with another shape of as many elements. */
  reshape(value: string, ...shape: readonly number[]): string {
    return this.node("Reshape", [value, this.ints(...shape)]);
  }

  /** `value` with its axes in another order. */
  transpose(value: string, ...order: readonly number[]): string {
    return this.node("Transpose", [value], { attributes: { perm: { ints: order } } });
  }

  /** `value` with zeros before and after each axis; less than none cuts off. */
  pad(value: string, before: readonly number[], after: readonly number[]): string {
    if ([...before, ...after].every((count) => count === 0)) return value;
    return this.node("Pad", [value, this.ints(...before, ...after)]);
  }

  /** The part of `value` from `starts` to before `ends` along axes, every `step`th. */
  slice(
    value: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    step = 1,
  ): string {
    const steps = axes.map(() => step);
    return this.node("Slice", [
      value,
      this.ints(...starts),
      this.ints(...ends),
      this.ints(...axes),
      this.ints(...steps),
    ]);
  }

  /** The first `count` of `size` along axis 0. */
  first(value: string, count: number, size: number): string {
    return count === size ? value : this.slice(value, [0], [0], [count]);
  }

  /** Sums over axes, which vanish. */
  sum(value: string, ...axes: readonly number[]): string {
    return this.node("ReduceSum", [value, this.ints(...axes)], {
      attributes: { keepdims: { int: 0 } },
    });
  }

  /** `values` one after another along an axis. */
  concat(axis: number, ...values: readonly string[]): string {
    return this.node("Concat", values, { attributes: { axis: { int: axis } } });
  }

  /** The model as ONNX Runtime reads it, without nodes that no output needs: it would run them. */
  encode(): Uint8Array {
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: Object.entries(versions).map(([domain, version]) => ({ domain, version })),
      graph: {
        name: "graph",
        node: this.#neededNodes(),
        input: this.#inputs,
        output: this.#outputs,
        initializer: [...this.#constants.values()],
      },
    });
    return toBinary(ModelProtoSchema, model);
  }

  /** A node comes after those that it reads. */
  #neededNodes(): Node[] {
    const needed = new Set(this.#outputs.map(({ name }) => name));
    return this.#nodes.toReversed().filter(({ input, output }) => {
      if (!output.some((name) => needed.has(name))) return false;
      for (const name of input) needed.add(name);
      return true;
    }).reverse();
  }
}

function encodeAttribute(
  name: string,
  value: Attribute,
): MessageInitShape<typeof AttributeProtoSchema> {
  const type = AttributeProto_AttributeType;
  if ("int" in value) return { name, type: type.INT, i: BigInt(value.int) };
  if ("float" in value) return { name, type: type.FLOAT, f: value.float };
  if ("ints" in value) return { name, type: type.INTS, ints: value.ints.map(BigInt) };
  return { name, type: type.STRING, s: new TextEncoder().encode(value.text) };
}

function valueInfo(name: string, shape: Shape): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((size) => ({ value: { case: "dimValue" as const, value: BigInt(size) } }));
  return {
    name,
    type: {
      value: {
        case: "tensorType",
        value: { elemType: TensorProto_DataType.FLOAT, shape: { dim } },
      },
    },
  };
}
