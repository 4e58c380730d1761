import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createEngine, type EngineOptions, type Network, OutOfMemory } from "../../models/mod.ts";
import { normalised } from "./small_training.ts";
import type { Where } from "./tfjs_backends.ts";

const cpu = { type: "cpu" } as const;
const wheres: readonly Where[] = [
  { engine: "onnx", backend: "cpu", device: cpu },
  { engine: "tfjs", backend: "wasm", device: cpu },
  { engine: "tfjs", backend: "cpu", device: cpu },
];

/** 8 TB of weights and gradients. */
const wide: Network = {
  name: "wide",
  input: [1, 1, 1000],
  classes: 2,
  layers: [
    { kind: "flatten", name: "flatten" },
    { kind: "dense", name: "hidden", units: 1e9 },
    { kind: "dense", name: "dense", units: 2 },
  ],
};

const wideLayer = '"hidden" (dense): output [3, 1000000000], ' +
  "hidden.weight [1000, 1000000000], hidden.bias [1000000000]";

/** Few weights, and 400 GB of activations for each image. */
const deep: Network = {
  name: "deep",
  input: [1, 1000, 1000],
  classes: 2,
  layers: [
    { kind: "conv", name: "conv", filters: 100_000, kernel: 1 },
    { kind: "global_average_pool", name: "pool" },
    { kind: "dense", name: "dense", units: 2 },
  ],
};

function options(network: Network, where: Where): EngineOptions {
  return { ...normalised, ...where, network, batchSize: 3 };
}

async function assertTooBig(
  work: () => Promise<unknown>,
  message: string,
  largest: string,
): Promise<void> {
  const error = await assertRejects(work, OutOfMemory, message);
  assertStringIncludes(error.message, `the largest layer is ${largest};`);
  assertEquals(error.message.includes("\n"), false);
  assertEquals(
    error.message.endsWith("use a smaller batch size (--batch-size) or a smaller network"),
    true,
  );
}

for (const where of wheres) {
  const name = `${where.engine}/${where.backend}`;

  Deno.test(`${name} refuses weights that are bigger than the memory`, () =>
    assertTooBig(
      () => createEngine(options(wide, where)),
      "Cannot compute wide with batches of 3: out of memory (",
      wideLayer,
    ));

  Deno.test(`${name} says in one line that activations do not fit into memory`, async () => {
    await using engine = await createEngine(options(deep, where));
    const [images, labels] = [new Float32Array(3e6), new Uint8Array(3)];
    for (
      const work of [
        () => engine.trainStep(images, labels, 0.1),
        () => engine.evaluate(images, labels),
      ]
    ) {
      await assertTooBig(
        work,
        "Cannot compute deep with batches of 3: out of memory (",
        '"conv" (conv): output [3, 100000, 1000, 1000], conv.weight [100000, 1, 1, 1], ' +
          "conv.bias [100000]",
      );
    }
  });

  Deno.test(`${name} passes other errors on`, async () => {
    await using engine = await createEngine({ ...normalised, ...where, batchSize: 3 });
    await assertRejects(
      () => engine.logits(new Float32Array(1)),
      TypeError,
      "Cannot compute logits",
    );
  });
}

Deno.test("weights that are too big are refused without permission to ask for the memory", {
  permissions: { sys: ["osRelease", "cpus", "hostname"], ffi: true, read: true, env: true },
}, () =>
  assertTooBig(
    () => createEngine(options(wide, wheres[0]!)),
    "Cannot compute wide with batches of 3: out of memory (WebAssembly.Memory()",
    wideLayer,
  ));
