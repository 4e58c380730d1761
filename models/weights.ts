/**
 * A network's parameters as a safetensors file (https://github.com/huggingface/safetensors): eight
 * bytes with the length of the header, lowest first; the header as JSON; the values.
 *
 * @module
 */
import type { Parameter } from "./engines/engine.ts";
import { elements } from "./shape.ts";
import {
  bytesOf,
  formatHeader,
  maxHeaderBytes,
  metadataKey,
  parseHeader,
  showShape,
} from "./safetensors_header.ts";

/** What a file of weights holds. */
export interface Weights {
  /** In the order of their names in the file. */
  readonly parameters: readonly Parameter[];
  /** What the writer wanted to say about them. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header. */
const lengthBytes = 8;
/** The values start at a multiple of this, as the reference implementation writes them. */
const alignment = 8;

/**
 * The content of a safetensors file with parameters, as other frameworks read it.
 *
 * @param parameters What {@linkcode Engine.parameters} gives: batch normalisation's running averages
 * are among them.
 * @param metadata Texts for the reader, such as the network's name.
 * @throws {TypeError} If a name is used twice, is the format's own `__metadata__` or no Unicode text,
 * if values do not fit their shape, or if metadata are anything but texts.
 * @throws {RangeError} If a value is not finite, or the names and metadata are more than a header
 * may hold.
 */
export function encodeWeights(
  parameters: readonly Parameter[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  checkMetadata(metadata);
  const names = new Set<string>();
  let end = 0;
  const tensors = parameters.map((parameter) => {
    checkParameter(parameter, names);
    names.add(parameter.name);
    const { name, shape, values } = parameter;
    return { name, shape, from: end, to: end += values.byteLength };
  });
  const json = new TextEncoder().encode(formatHeader({ tensors, metadata }));
  const headerBytes = Math.ceil(json.length / alignment) * alignment;
  if (headerBytes > maxHeaderBytes) {
    throw new RangeError(
      `Cannot save weights: expected names and metadata of at most ${maxHeaderBytes} bytes, ` +
        `received ${headerBytes}`,
    );
  }
  const bytes = new Uint8Array(lengthBytes + headerBytes + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + headerBytes).set(json, lengthBytes);
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
 * @throws {SyntaxError} If it is cut off, its header breaks the format's rules, a value is of another
 * type or not finite, or tensors overlap, have another length than their shape, or leave bytes over.
 */
export function decodeWeights(bytes: Uint8Array, source: string): Weights {
  const problem = (what: string) =>
    new SyntaxError(inOneLine(`Cannot read weights from ${source}: ${what}`));
  if (bytes.length < lengthBytes) {
    throw problem(`expected at least ${lengthBytes} bytes, received ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > maxHeaderBytes) {
    throw problem(
      `expected a header of at most ${maxHeaderBytes} bytes, received ${headerBytes}; ` +
        "it is not safetensors",
    );
  }
  const start = lengthBytes + Number(headerBytes);
  if (start > bytes.length) {
    throw problem(
      `its header ends at byte ${start} and the file at ${bytes.length}; ` +
        "it is cut off, or not safetensors",
    );
  }
  const header = bytes.subarray(lengthBytes, start);
  const { tensors, metadata } = parseHeader(header, bytes.length - start, problem);
  const parameters = tensors.map(({ name, shape, from, to }) => {
    const values = new Float32Array(bytes.slice(start + from, start + to).buffer);
    const wrong = firstNotFinite(values);
    if (wrong >= 0) throw problem(`value ${wrong} of ${JSON.stringify(name)} is ${values[wrong]}`);
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

function checkMetadata(metadata: unknown): void {
  const prototype = typeof metadata === "object" && metadata !== null
    ? Object.getPrototypeOf(metadata)
    : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError("Cannot save weights: metadata must be an object of texts");
  }
  for (const [key, text] of Object.entries(metadata as object)) {
    if (typeof text === "string" && text.isWellFormed() && key.isWellFormed()) continue;
    throw new TypeError(
      `Cannot save weights: metadata ${JSON.stringify(key)} must be Unicode text, ` +
        `received ${typeof text === "string" ? "half a surrogate pair" : typeof text}`,
    );
  }
}

function checkParameter({ name, shape, values }: Parameter, names: ReadonlySet<string>): void {
  const problem = (what: string) => `Cannot save parameter ${JSON.stringify(name)}: ${what}`;
  if (typeof name !== "string") throw new TypeError(problem("expected a text as name"));
  if (!name.isWellFormed()) throw new TypeError(problem("its name holds half a surrogate pair"));
  if (name === metadataKey) throw new TypeError(problem("the format keeps this name for itself"));
  if (names.has(name)) throw new TypeError(problem("another one has this name"));
  if (!(values instanceof Float32Array)) {
    throw new TypeError(problem("expected its values as a Float32Array"));
  }
  const whole = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  const bytes = whole ? bytesOf(shape) : undefined;
  if (bytes === undefined) {
    throw new TypeError(problem(`expected whole sizes of 0 or more, received ${showShape(shape)}`));
  }
  if (values.byteLength !== bytes) {
    throw new TypeError(
      problem(
        `expected ${showShape(shape)} = ${elements(shape)} values, received ${values.length}`,
      ),
    );
  }
  const wrong = firstNotFinite(values);
  if (wrong >= 0) throw new RangeError(problem(`value ${wrong} is ${values[wrong]}`));
}

function firstNotFinite(values: Float32Array): number {
  return values.findIndex((value) => !Number.isFinite(value));
}

/** A message with the line breaks that names of others may hold written out. */
function inOneLine(message: string): string {
  return message.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
