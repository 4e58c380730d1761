import { assertEquals, assertThrows } from "@std/assert";
import {
  colorNet,
  discriminator,
  grayNet,
  type Layer,
  type Network,
  networkByName,
  networkNames,
  optimizerByName,
  optimizerNames,
  parameterCount,
  placeLayers,
} from "../../models/mod.ts";

function network(...layers: Layer[]): Network {
  return { name: "mine", input: [1, 6, 6], classes: 2, layers };
}

Deno.test("the paper's networks have the paper's numbers of parameters", () => {
  assertEquals(parameterCount(grayNet([1, 28, 28], 10)), 615_594);
  assertEquals(parameterCount(colorNet([3, 32, 32], 10)), 1_341_226);
});

Deno.test("networks follow the shape of the images and the number of classes", () => {
  for (const name of networkNames) {
    const classes = name === "discriminator" ? 2 : 7;
    const built = networkByName(name)([2, 17, 20], classes);
    assertEquals(placeLayers(built).at(-1)!.outputShape, [classes]);
  }
  assertEquals(discriminator([1, 28, 28]).classes, 2);
});

Deno.test("unknown names are answered with the known ones", () => {
  assertThrows(
    () => networkByName("greynet"),
    RangeError,
    `expected one of ${networkNames.join(", ")}, received "greynet"`,
  );
  assertThrows(
    () => optimizerByName("toString"),
    RangeError,
    `expected one of ${optimizerNames.join(", ")}, received "toString"`,
  );
});

Deno.test("layers that do not fit are refused by name and shape", () => {
  const dense: Layer = { kind: "dense", name: "out", units: 2 };
  const flatten: Layer = { kind: "flatten", name: "flat" };
  const refuses = (wrong: Network, kind: new (message: string) => Error, message: string) =>
    assertThrows(() => placeLayers(wrong), kind, message);
  refuses(
    network(dense),
    TypeError,
    'layer "out" (dense) expects a vector, received [1, 6, 6]: put a flatten before',
  );
  refuses(
    network(flatten, { kind: "conv", name: "late", filters: 2, kernel: 3 }),
    TypeError,
    'layer "late" (conv) expects [channels, height, width], received [36]',
  );
  refuses(
    network({ kind: "conv", name: "wide", filters: 2, kernel: 7, padding: "valid" }),
    TypeError,
    'layer "wide" (conv) has a 7x7 kernel too big for [1, 6, 6]',
  );
  refuses(
    network({ kind: "max_pool", name: "pool", size: 7 }),
    TypeError,
    'layer "pool" (max_pool) has a 7x7 window too big for [1, 6, 6]',
  );
  refuses(
    network({ kind: "conv", name: "none", filters: 0, kernel: 3 }),
    RangeError,
    'filters of "none" must be a positive integer, received 0',
  );
  refuses(
    network(flatten, { ...dense, units: 3 }),
    TypeError,
    'the last layer "out" gives [3], expected one logit for each class, [2]',
  );
  refuses(network(flatten, flatten, dense), TypeError, 'two layers are named "flat"');
  refuses(
    network({ ...flatten, inputs: ["later"] }, dense),
    TypeError,
    'layer "flat" reads "later", which is not a layer before it',
  );
});
