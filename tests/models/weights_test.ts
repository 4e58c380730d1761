import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createEngine,
  decodeWeights,
  encodeWeights,
  type EngineName,
  type Parameter,
  readWeights,
  writeWeights,
} from "../../models/mod.ts";
import { normalised, samples, small, train } from "./small_training.ts";

const parameters: readonly Parameter[] = [
  {
    name: "conv.weight",
    shape: [2, 1, 2, 2],
    values: Float32Array.from({ length: 8 }, (_, i) => (i - 4) / 8),
  },
  { name: "dense.bias", shape: [3], values: new Float32Array([1e-30, 3.25, -7]) },
];
const metadata = { network: "small" };

/** The same, as version 0.8.0 of the reference implementation writes it. */
const reference = Uint8Array.fromBase64(
  "sAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJuZXR3b3JrIjoic21hbGwifSwiY29udi53ZWlnaHQiOnsiZHR5cGUiOiJG" +
    "MzIiLCJzaGFwZSI6WzIsMSwyLDJdLCJkYXRhX29mZnNldHMiOlswLDMyXX0sImRlbnNlLmJpYXMiOnsiZHR5cGUiOiJG" +
    "MzIiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOlszMiw0NF19fSAgICAgIAAAAL8AAMC+AACAvgAAAL4AAAAAAAAA" +
    "PgAAgD4AAMA+YEKiDQAAUEAAAODA",
);

Deno.test("weights are the bytes that the reference implementation writes", () => {
  assertEquals(encodeWeights(parameters, metadata), reference);
});

Deno.test("weights are read back, from any place in memory", () => {
  assertEquals(decodeWeights(reference, "test"), { parameters, metadata });
  const moved = new Uint8Array(reference.length + 3);
  moved.set(reference, 3);
  assertEquals(decodeWeights(moved.subarray(3), "test"), { parameters, metadata });
  assertEquals(decodeWeights(encodeWeights(parameters), "test").metadata, {});
});

for (const [from, to] of [["onnx", "tfjs"], ["tfjs", "onnx"]] as [EngineName, EngineName][]) {
  Deno.test(`weights trained with ${from} go through a file to ${to}`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".safetensors" });
    try {
      const { images, labels } = samples(32);
      await using trained = await createEngine({ ...normalised, engine: from, batchSize: 32 });
      for (let step = 0; step < 5; step++) await trained.trainStep(images, labels, 0.1);
      await writeWeights(path, await trained.parameters());

      await using fresh = await createEngine({ ...normalised, engine: to, batchSize: 32, seed: 8 });
      const { parameters } = await readWeights(path);
      assertEquals(
        parameters.map(({ name }) => name),
        [
          "conv.weight",
          "norm.scale",
          "norm.shift",
          "norm.running_mean",
          "norm.running_variance",
          "dense.weight",
          "dense.bias",
        ],
      );
      fresh.setParameters(parameters);
      const expected = await trained.logits(images);
      (await fresh.logits(images)).forEach((logit, i) =>
        assertAlmostEquals(logit, expected[i]!, 1e-5)
      );
    } finally {
      await Deno.remove(path);
    }
  });
}

Deno.test("weights of another network are refused", async () => {
  await using engine = await small(8);
  await train(engine, 1, 8);
  const own = await engine.parameters();
  const turned = own.map((parameter) =>
    parameter.name === "dense.weight" ? { ...parameter, shape: [3, 64] } : parameter
  );
  const { parameters } = decodeWeights(encodeWeights(turned), "test");
  assertThrows(
    () => engine.setParameters(parameters),
    TypeError,
    'Cannot set parameter "dense.weight" of small: expected [64, 3] = 192 values, ' +
      "received [3, 64] = 192",
  );
  assertEquals(await engine.parameters(), own);
});

Deno.test("what is no weights is not encoded", () => {
  const [first] = parameters as [Parameter];
  assertThrows(
    () => encodeWeights([first, first]),
    TypeError,
    'Cannot save parameter "conv.weight": another one has this name',
  );
  assertThrows(
    () => encodeWeights([{ ...first, shape: [3] }]),
    TypeError,
    "expected [3] = 3 values, received 8",
  );
  assertThrows(
    () => encodeWeights([{ ...first, shape: [2], values: new Float32Array([1, NaN]) }]),
    RangeError,
    'Cannot save parameter "conv.weight": value 1 is NaN',
  );
});

/** A file with any header. */
function file(header: unknown, values: readonly number[] = [1, 2]): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + 4 * values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(new Uint8Array(new Float32Array(values).buffer), 8 + json.length);
  return bytes;
}

const a = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
const b = { dtype: "F32", shape: [1], data_offsets: [4, 8] };

const malformed: Readonly<Record<string, readonly [bytes: Uint8Array, message: string]>> = {
  "an empty file": [new Uint8Array(0), "expected at least 8 bytes, received 0"],
  "a header that is cut off": [
    reference.subarray(0, 100),
    "its header ends at byte 184 and the file at 100; it is cut off, or not safetensors",
  ],
  "another format": [new TextEncoder().encode("PK not this"), "not safetensors"],
  "values that are cut off": [
    reference.subarray(0, -1),
    "expected 44 bytes of values, received 43",
  ],
  "bytes left over": [file({ a, b }, [1, 2, 3]), "expected 8 bytes of values, received 12"],
  "a header that is no JSON": [file("{"), "its header is not JSON"],
  "a header that is no object": [file("7"), "its header: expected Object, received 7"],
  "another type": [
    file({ a: { ...a, dtype: "F16" }, b }),
    '"a" dtype: expected "F32", received "F16"',
  ],
  "a missing entry": [file({ a: { shape: [1], data_offsets: [0, 4] } }), '"a" dtype: expected'],
  "a negative size": [file({ a: { ...a, shape: [-1] } }), '"a" shape 0: expected >=0, received -1'],
  "overlapping values": [
    file({ a, b: { ...b, data_offsets: [0, 4] } }),
    '"b" starts at byte 0 of the values, expected 4',
  ],
  "a gap": [
    file({ a, b: { ...b, data_offsets: [8, 12] } }, [1, 2, 3]),
    '"b" starts at byte 8 of the values, expected 4',
  ],
  "a shape that does not fit": [
    file({ a: { ...a, shape: [2, 2] }, b }),
    '"a" has 4 bytes, expected 16 for [2, 2]',
  ],
  "metadata that are no texts": [
    file({ __metadata__: { epoch: 1 }, a, b }),
    '"__metadata__" epoch: expected string, received 1',
  ],
  "a value that is no number": [file({ a, b }, [1, NaN]), 'value 0 of "b" is NaN'],
  "an infinite value": [file({ a, b }, [-Infinity, 1]), 'value 0 of "a" is -Infinity'],
};

for (const [what, [bytes, message]] of Object.entries(malformed)) {
  Deno.test(`weights with ${what} are refused in one line`, () => {
    const error = assertThrows(
      () => decodeWeights(bytes, "x.safetensors"),
      SyntaxError,
      `Cannot read weights from x.safetensors: `,
    );
    assert(error.message.includes(message), error.message);
    assertEquals(error.message.includes("\n"), false);
  });
}

Deno.test("a file that cannot be written or read is named, and nothing stays", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/taken`);
    await assertRejects(
      () => writeWeights(`${folder}/taken`, parameters),
      Error,
      `Cannot write weights to ${folder}/taken: `,
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["taken"]);
    await assertRejects(
      () => readWeights(`${folder}/none`),
      Error,
      `Cannot read weights from ${folder}/none: `,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
