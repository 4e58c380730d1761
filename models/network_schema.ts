/**
 * Checks that something is a network: what the type checker would say, where it has not looked.
 *
 * @module
 */
import * as v from "valibot";
import { layerKinds, layerTable } from "./layers.ts";
import { number } from "./layers/layer_kind.ts";
import type { Network } from "./network.ts";

const text = v.pipe(v.string("a text"), v.check((value) => value !== "", "a text"));

const layerSchema = v.variant(
  "kind",
  layerKinds.map((kind) =>
    v.strictObject({
      kind: v.literal(kind),
      name: text,
      inputs: v.optional(v.array(text, "a list of layers")),
      ...layerTable[kind].schema,
    })
  ),
  ({ expected }) => expected === "Object" ? "an object" : `one of ${listed(expected)}`,
);

/** `("a" | "b")` as `a, b`. */
function listed(kinds: string | null): string {
  return (kinds ?? "").replace(/[()"]/g, "").replaceAll(" | ", ", ");
}

function networkSchema(name: v.GenericSchema<string>) {
  return v.strictObject({
    name,
    input: v.strictTuple([number, number, number], "[channels, height, width]"),
    classes: number,
    layers: v.array(layerSchema, "a list of layers"),
  }, "an object with name, input, classes and layers");
}

const anyNetwork = networkSchema(text);

const networkInFile = networkSchema(v.pipe(
  v.string("a text"),
  // Files are named after it.
  v.regex(/^[\w.-]{1,100}$/, "1 to 100 letters, digits, dots, dashes and underscores"),
));

/**
 * Checks a network that was built here.
 *
 * @throws {TypeError} If it is none; the message names the layer and what is wrong with it.
 */
export function checkLayers(network: Network): void {
  try {
    check(anyNetwork, network);
  } catch (error) {
    throw new TypeError(`Cannot build ${network?.name}: ${(error as Error).message}`);
  }
}

/**
 * A copy of a network that came from elsewhere, if it is one.
 *
 * @throws {TypeError} If not; the message names the layer and what is wrong with it.
 */
export function checkNetwork(value: unknown): Network {
  return check(networkInFile, value);
}

function check(schema: typeof anyNetwork, value: unknown): Network {
  const checked = v.safeParse(schema, value, { abortEarly: true });
  if (checked.success) return checked.output as Network;
  const [issue] = checked.issues;
  const keys = (issue.path ?? []).map(({ key }) => key);
  const [list, position] = keys;
  const within = list === "layers" && typeof position === "number";
  const where = within ? `layer ${position + 1}${nameOf(value, position)}: ` : "";
  const what = (within ? keys.slice(2) : keys).join(".");
  if (issue.expected === "never") throw new TypeError(`${where}${what} is not a known property`);
  if (issue.received === "undefined" && what !== "") {
    throw new TypeError(`${where}${what} is missing`);
  }
  const subject = what === "" ? "" : `${what} `;
  const received = typeof issue.input === "string" ? JSON.stringify(issue.input) : issue.received;
  throw new TypeError(`${where}${subject}must be ${issue.message}, received ${received}`);
}

function nameOf(network: unknown, position: number): string {
  const layer = (network as { layers: unknown[] }).layers[position];
  const { name, kind } = (layer ?? {}) as { name?: unknown; kind?: unknown };
  return (typeof name === "string" ? ` ${JSON.stringify(name)}` : "") +
    (typeof kind === "string" ? ` (${kind})` : "");
}
