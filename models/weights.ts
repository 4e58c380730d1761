/**
 * A network's parameters as a safetensors file (https://github.com/huggingface/safetensors): eight
 * bytes with the length of the header, lowest first; the header as JSON; the values.
 *
 * @module
 */
import * as v from "valibot";
import type { Parameter } from "./engines/engine.ts";
import { elements } from "./network.ts";

/** What a file of weights holds. */
export interface Weights {
  /** In the order of their names in the file. */
  readonly parameters: readonly Parameter[];
  /** What the writer wanted to say about them. */
  readonly metadata: Readonly<Record<string, string>>;
}

const metadataKey = "__metadata__";
/** Bytes before the header. */
const lengthBytes = 8;
/** The values start at a multiple of this, as the reference implementation writes them. */
const alignment = 8;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Tensor = v.object({
  dtype: v.literal("F32"),
  shape: v.array(Count),
  data_offsets: v.tuple([Count, Count]),
});
const Header = v.objectWithRest(
  { [metadataKey]: v.optional(v.record(v.string(), v.string()), {}) },
  Tensor,
);

/**
 * The content of a safetensors file with parameters, as other frameworks read it.
 *
 * @param parameters What {@linkcode Engine.parameters} gives: batch normalisation's running averages
 * are among them.
 * @param metadata Texts for the reader, such as the network's name.
 * @throws {TypeError} If a name is used twice, or values do not fit their shape.
 * @throws {RangeError} If a value is not finite.
 */
export function encodeWeights(
  parameters: readonly Parameter[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>([[metadataKey, metadata]]);
  let end = 0;
  for (const { name, shape, values } of parameters) {
    const problem = (what: string) => `Cannot save parameter "${name}": ${what}`;
    if (header.has(name)) throw new TypeError(problem("another one has this name"));
    if (values.length !== elements(shape)) {
      throw new TypeError(
        problem(`expected ${show(shape)} = ${elements(shape)} values, received ${values.length}`),
      );
    }
    const wrong = firstNotFinite(values);
    if (wrong >= 0) throw new RangeError(problem(`value ${wrong} is ${values[wrong]}`));
    header.set(name, { dtype: "F32", shape, data_offsets: [end, end += values.byteLength] });
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, lengthBytes).set(json, lengthBytes);
  let start = lengthBytes + headerBytes;
  for (const { values } of parameters) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
    start += values.byteLength;
  }
  return bytes;
}

/**
 * Reads the content of a safetensors file of 32-bit floats. {@linkcode Engine.setParameters} checks
 * that names and shapes are those of its network.
 *
 * @param bytes The whole file.
 * @param source What messages call it, such as its path.
 * @throws {SyntaxError} If it is cut off, its header or a shape is wrong, a value is of another type
 * or not finite, or tensors overlap or leave bytes over.
 */
export function decodeWeights(bytes: Uint8Array, source: string): Weights {
  const problem = (what: string) => new SyntaxError(`Cannot read weights from ${source}: ${what}`);
  if (bytes.length < lengthBytes) {
    throw problem(`expected at least ${lengthBytes} bytes, received ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = lengthBytes + Number(view.getBigUint64(0, true));
  if (start > bytes.length) {
    throw problem(
      `its header ends at byte ${start} and the file at ${bytes.length}; ` +
        "it is cut off, or not safetensors",
    );
  }
  const { [metadataKey]: metadata, ...tensors } = parseHeader(
    bytes.subarray(lengthBytes, start),
    problem,
  );
  checkOffsets(tensors, bytes.length - start, problem);
  const parameters = Object.entries(tensors).map(([name, { shape, data_offsets: [from, to] }]) => {
    const values = new Float32Array(bytes.slice(start + from, start + to).buffer);
    const wrong = firstNotFinite(values);
    if (wrong >= 0) throw problem(`value ${wrong} of "${name}" is ${values[wrong]}`);
    return { name, shape, values };
  });
  return { parameters, metadata };
}

/**
 * Writes parameters to a safetensors file, which appears only once it is whole.
 *
 * @throws {Error} If it cannot be written; the message says why. See also
 * {@linkcode encodeWeights}.
 */
export async function writeWeights(
  path: string,
  parameters: readonly Parameter[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bytes = encodeWeights(parameters, metadata);
  // Two processes may write the same weights at the same time.
  const part = `${path}.${crypto.randomUUID()}.part`;
  try {
    await Deno.writeFile(part, bytes);
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw new Error(`Cannot write weights to ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Reads a safetensors file of 32-bit floats.
 *
 * @throws {Error} If it cannot be opened; the message says why.
 * @throws {SyntaxError} As {@linkcode decodeWeights} does.
 */
export async function readWeights(path: string): Promise<Weights> {
  const bytes = await Deno.readFile(path).catch((error) => {
    throw new Error(`Cannot read weights from ${path}: ${error.message}`, { cause: error });
  });
  return decodeWeights(bytes, path);
}

type Tensors = Readonly<Record<string, v.InferOutput<typeof Tensor>>>;
type Problem = (what: string) => SyntaxError;

function parseHeader(bytes: Uint8Array, problem: Problem): v.InferOutput<typeof Header> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw problem("its header is not JSON");
  }
  const parsed = v.safeParse(Header, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const [name, ...path] = (issue.path ?? []).map(({ key }) => String(key));
  const where = name === undefined ? "its header" : [`"${name}"`, ...path].join(" ");
  throw problem(`${where}: expected ${issue.expected}, received ${issue.received}`);
}

/** The tensors must cover the values without gaps, each with as many bytes as its shape needs. */
function checkOffsets(tensors: Tensors, size: number, problem: Problem): void {
  const inOrder = Object.entries(tensors)
    .toSorted(([, { data_offsets: [a, aEnd] }], [, { data_offsets: [b, bEnd] }]) =>
      a - b || aEnd - bEnd
    );
  let end = 0;
  for (const [name, { shape, data_offsets: [from, to] }] of inOrder) {
    if (from !== end) {
      throw problem(`"${name}" starts at byte ${from} of the values, expected ${end}`);
    }
    if (to - from !== elements(shape) * floatBytes) {
      throw problem(
        `"${name}" has ${to - from} bytes, expected ${elements(shape) * floatBytes} for ` +
          show(shape),
      );
    }
    end = to;
  }
  if (end !== size) throw problem(`expected ${end} bytes of values, received ${size}`);
}

function firstNotFinite(values: Float32Array): number {
  return values.findIndex((value) => !Number.isFinite(value));
}

function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}
