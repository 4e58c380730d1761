/**
 * The header of a safetensors file: a JSON object that says, for each tensor, its type, its shape
 * and where its values are. What the format's rules forbid is refused
 * (https://github.com/huggingface/safetensors#format).
 *
 * @module
 */
import * as v from "valibot";
import { keysInOrder } from "./json_keys.ts";
import type { Shape } from "./shape.ts";

/** Where the values of a tensor are. */
export interface TensorPlace {
  readonly name: string;
  readonly shape: Shape;
  /** The first byte, from the start of all values. */
  readonly from: number;
  /** The byte after the last. */
  readonly to: number;
}

/** What a header says. */
export interface Header {
  /** In the order of the header. */
  readonly tensors: readonly TensorPlace[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The key of a header that is no tensor's name. */
export const metadataKey = "__metadata__";
/** Bytes that a header may have. */
export const maxHeaderBytes = 100_000_000;

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Tensor = v.object({
  dtype: v.literal("F32"),
  shape: v.array(Count),
  data_offsets: v.tuple([Count, Count]),
});

type Problem = (what: string) => SyntaxError;

/** The JSON of a header. What it holds was checked. */
export function formatHeader({ tensors, metadata }: Header): string {
  const entries = tensors.map(({ name, shape, from, to }) =>
    [name, { dtype: "F32", shape, data_offsets: [from, to] }] as const
  );
  // An object would put names that are numbers first.
  const texts = [[metadataKey, metadata] as const, ...entries]
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  return `{${texts.join(",")}}`;
}

/**
 * Reads a header.
 *
 * @param size Bytes of values that follow it. The tensors must cover them without gaps, each with as
 * many as its shape needs.
 * @param problem Makes the error.
 */
export function parseHeader(bytes: Uint8Array, size: number, problem: Problem): Header {
  const text = decode(bytes, problem);
  const json = parseObject(text, problem);
  const names = keysInOrder(text, (path) => problem(`${where(path)} is there twice`));
  const values = new Map(Object.entries(json));
  const metadata = readMetadata(values.has(metadataKey) ? values.get(metadataKey) : {}, problem);
  const tensors = names.filter((name) => name !== metadataKey)
    .map((name) => readTensor(name, values.get(name), problem));
  checkPlaces(tensors, size, problem);
  return { tensors, metadata };
}

/** How messages name a place in a header: a name in quotation marks, and the keys within. */
function where([name, ...keys]: readonly string[]): string {
  return [JSON.stringify(name), ...keys].join(" ");
}

function decode(bytes: Uint8Array, problem: Problem): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw problem("its header is not UTF-8");
  }
}

function parseObject(text: string, problem: Problem): object {
  const begins = text.startsWith("{");
  const wrongBegin = `its header must begin with "{", received ${JSON.stringify(text.slice(0, 1))}`;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw problem(begins ? "its header is not JSON" : wrongBegin);
  }
  if (!isObject(json)) throw problem(`its header: expected Object, received ${show(json)}`);
  if (!begins) throw problem(wrongBegin);
  return json;
}

function readMetadata(value: unknown, problem: Problem): Readonly<Record<string, string>> {
  if (!isObject(value)) {
    throw problem(`${where([metadataKey])}: expected Object, received ${show(value)}`);
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") {
      throw problem(`${where([metadataKey, key])}: expected string, received ${show(text)}`);
    }
    if (!key.isWellFormed() || !text.isWellFormed()) {
      throw problem(`${where([metadataKey])}: expected Unicode, received half a surrogate pair`);
    }
  }
  // Nothing is found under a key that the file does not have, such as "constructor".
  return Object.setPrototypeOf(value, null);
}

function readTensor(name: string, value: unknown, problem: Problem): TensorPlace {
  if (!name.isWellFormed()) {
    throw problem(`${where([name])}: expected Unicode, received half a surrogate pair`);
  }
  const parsed = v.safeParse(Tensor, value);
  if (parsed.success) {
    const { shape, data_offsets: [from, to] } = parsed.output;
    return { name, shape, from, to };
  }
  const [issue] = parsed.issues;
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  throw problem(
    `${where([name, ...keys])}: expected ${
      issue.expected ?? "an integer"
    }, received ${issue.received}`,
  );
}

function checkPlaces(tensors: readonly TensorPlace[], size: number, problem: Problem): void {
  let end = 0;
  for (
    const { name, shape, from, to } of tensors.toSorted((a, b) => a.from - b.from || a.to - b.to)
  ) {
    const wrong = (what: string) => problem(`${where([name])} ${what}`);
    if (from !== end) throw wrong(`starts at byte ${from} of the values, expected ${end}`);
    const bytes = bytesOf(shape);
    if (bytes === undefined) throw wrong(`has more values than can be, ${showShape(shape)}`);
    if (to - from !== bytes) {
      throw wrong(`has ${to - from} bytes, expected ${bytes} for ${showShape(shape)}`);
    }
    end = to;
  }
  if (end !== size) throw problem(`expected ${end} bytes of values, received ${size}`);
}

/** The bytes of a tensor; `undefined` if there are more than can be counted. */
export function bytesOf(shape: Shape): number | undefined {
  let bytes = Float32Array.BYTES_PER_ELEMENT;
  for (const size of shape) {
    bytes *= size;
    if (!Number.isSafeInteger(bytes)) return undefined;
  }
  return bytes;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Array.isArray(value) ? "Array" : "Object"
    : JSON.stringify(value);
}

/** How messages write a shape. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
