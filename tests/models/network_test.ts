import { assertEquals, assertThrows } from "@std/assert";
import {
  colorNet,
  denseNet40,
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
  resNet18,
  resNet20,
  resNet32,
} from "../../models/mod.ts";

function network(...layers: Layer[]): Network {
  return { name: "mine", input: [1, 6, 6], classes: 2, layers };
}

Deno.test("the paper's networks have the paper's numbers of parameters", () => {
  assertEquals(parameterCount(grayNet([1, 28, 28], 10)), 615_594);
  assertEquals(parameterCount(colorNet([3, 32, 32], 10)), 1_341_226);
  assertEquals(parameterCount(resNet18([3, 32, 32], 10)), 11_173_962);
  assertEquals(parameterCount(resNet20([3, 32, 32], 10)), 269_722);
  assertEquals(parameterCount(resNet32([3, 32, 32], 10)), 464_154);
  assertEquals(parameterCount(denseNet40([3, 32, 32], 10)), 1_019_722);
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
    'layer "out" (dense) expects a vector, as a flatten gives, received [1, 6, 6]',
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
    'layer "none" (conv) needs a positive integer as filters, received 0',
  );
  refuses(
    network({ kind: "conv", name: "still", filters: 2, kernel: 3, stride: 0 }),
    RangeError,
    'layer "still" (conv) needs a positive integer as stride, received 0',
  );
  refuses(
    network({ kind: "average_pool", name: "mean", size: 0 }),
    RangeError,
    'layer "mean" (average_pool) needs a positive integer as size, received 0',
  );
  refuses(
    network(flatten, { ...dense, units: 1.5 }),
    RangeError,
    'layer "out" (dense) needs a positive integer as units, received 1.5',
  );
  refuses(
    network(
      { kind: "conv", name: "wide", filters: 4, kernel: 3 },
      { kind: "shortcut", name: "skip", filters: 2, stride: 2 },
    ),
    RangeError,
    'layer "skip" (shortcut) cannot have fewer channels than the 4 it reads, received 2',
  );
  refuses(
    network({ kind: "conv", name: "edge", filters: 2, kernel: 3, padding: "full" as "same" }),
    TypeError,
    'layer "edge" (conv) needs "same" or "valid" as padding, received "full"',
  );
  refuses(
    network({ kind: "lstm", name: "new" } as unknown as Layer),
    TypeError,
    'layer "new" (lstm) is of no known kind, expected one of conv, batch_norm, ',
  );
  refuses(
    network({ kind: "add", name: "sum", inputs: ["input"] }),
    TypeError,
    'layer "sum" (add) expects two inputs or more, received [1, 6, 6]',
  );
  refuses(
    network(flatten, { kind: "add", name: "sum", inputs: ["input", "flat"] }),
    TypeError,
    'layer "sum" (add) expects equal shapes, received [1, 6, 6] and [36]',
  );
  refuses(
    network(flatten, { kind: "concat", name: "both", inputs: ["input", "flat"] }),
    TypeError,
    'layer "both" (concat) expects images of one height and width, received [1, 6, 6] and [36]',
  );
  refuses(
    network({ ...flatten, inputs: ["input", "input"] }, dense),
    TypeError,
    'layer "flat" (flatten) expects one input, received [1, 6, 6] and [1, 6, 6]',
  );
  refuses(
    network({ kind: "dropout", name: "drop", rate: 1 }),
    RangeError,
    'layer "drop" (dropout) needs a rate of at least 0 and below 1, received 1',
  );
  refuses(
    network(flatten, { ...dense, units: 3 }),
    TypeError,
    'the last layer "out" gives [3], expected one logit for each class, [2]',
  );
  refuses(network(flatten, flatten, dense), TypeError, 'two layers are named "flat"');
  refuses(network(flatten, { ...dense, name: "" }), TypeError, "layer 2 (dense) has no name");
  refuses(
    network({ ...flatten, name: undefined as unknown as string }, dense),
    TypeError,
    "layer 1 (flatten) has no name",
  );
  refuses(
    { ...network(flatten, dense), input: [6, 6] as unknown as Network["input"] },
    TypeError,
    "the input must be [channels, height, width], received [6, 6]",
  );
  refuses(
    { ...network(flatten, dense), input: [1, 0, 6] },
    RangeError,
    "the input's sizes must be positive integers, received [1, 0, 6]",
  );
  refuses(network(), TypeError, 'the last layer "input" gives [1, 6, 6]');
  refuses(
    network({ ...flatten, inputs: ["later"] }, dense),
    TypeError,
    'layer "flat" reads "later", which is not a layer before it',
  );
});
