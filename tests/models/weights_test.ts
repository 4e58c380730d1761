import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  createEngine,
  decodeWeights,
  elements,
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
  const refuses = (wrong: unknown, message: string) =>
    assertThrows(
      () => encodeWeights([{ ...first, ...wrong as Parameter }]),
      TypeError,
      `Cannot save parameter ${message}`,
    );
  refuses({ name: "__metadata__" }, '"__metadata__": the format keeps this name for itself');
  refuses({ name: "a\ud800" }, '"a\\ud800": its name holds half a surrogate pair');
  refuses({ name: 7 }, "7: expected a text as name");
  refuses({ values: new Float64Array(8) }, '"conv.weight": expected its values as a Float32Array');
  for (const shape of [[-1, -8], [0.5, 16], [NaN], [2 ** 30, 2 ** 30]]) {
    refuses({ shape }, '"conv.weight": expected whole sizes of 0 or more, received [');
  }
});

Deno.test("metadata that cannot be read back are not encoded", () => {
  const refuses = (
    metadata: unknown,
    message: string,
    kind: new (message: string) => Error = TypeError,
  ) =>
    assertThrows(
      () => encodeWeights(parameters, metadata as Record<string, string>),
      kind,
      `Cannot save weights: ${message}`,
    );
  refuses({ epoch: 3 }, 'metadata "epoch" must be Unicode text, received number');
  refuses({ epoch: undefined }, 'metadata "epoch" must be Unicode text, received undefined');
  refuses({ toJSON: () => "" }, 'metadata "toJSON" must be Unicode text, received function');
  refuses(
    JSON.parse('{"__proto__": {}}'),
    'metadata "__proto__" must be Unicode text, received obj',
  );
  refuses(
    { note: "\udc00\ud800" },
    'metadata "note" must be Unicode text, received half a surrogate pair',
  );
  refuses({ "\ud800": "note" }, 'metadata "\\ud800" must be Unicode text');
  for (const metadata of [null, "text", ["text"], new Map([["a", "b"]])]) {
    refuses(metadata, "metadata must be an object of texts");
  }
  refuses(
    { note: "x".repeat(1e8) },
    "expected names and metadata of at most 100000000 bytes, received 1000",
    RangeError,
  );
});

/** Names that objects of JavaScript have, or put in another order, among any others. */
const anyText = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "toJSON",
    "0",
    "10",
    "",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);

const anyWeights = fc.record({
  parameters: fc.uniqueArray(
    fc.record({
      name: anyText.filter((name) => name !== "__metadata__"),
      shape: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
      first: fc.float({ noNaN: true, noDefaultInfinity: true }),
    }),
    { maxLength: 6, selector: ({ name }) => name },
  ).map((drawn): Parameter[] =>
    drawn.map(({ name, shape, first }) => ({
      name,
      shape,
      values: new Float32Array(elements(shape)).map((_, i) => i === 0 ? first : i / 8),
    }))
  ),
  // An object of pairs has a key "__proto__", which a literal has not.
  metadata: fc.array(fc.tuple(anyText, anyText), { maxLength: 4 }).map(Object.fromEntries),
});

Deno.test("any names, shapes, values and metadata are read back in their order", () => {
  fc.assert(
    fc.property(anyWeights, ({ parameters, metadata }) => {
      const read = decodeWeights(encodeWeights(parameters, metadata), "test");
      assertEquals(read.parameters, parameters);
      assertEquals(Object.entries(read.metadata), Object.entries(metadata));
    }),
    { seed: 1 },
  );
});

Deno.test("nothing is found under a key that metadata do not have", () => {
  const { metadata } = decodeWeights(encodeWeights(parameters), "test");
  assertEquals(metadata["constructor"], undefined);
  assertEquals(metadata["__proto__"], undefined);
});

Deno.test("a damaged file is refused in one line, or is whole", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(reference.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.nat(3),
      (changes, cut) => {
        const damaged = reference.slice(0, reference.length - cut);
        for (const [at, byte] of changes) damaged[at] = byte;
        try {
          for (const { shape, values } of decodeWeights(damaged, "test").parameters) {
            assertEquals(values.length, elements(shape));
          }
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          assert(/^Cannot read weights from test: .+$/.test(error.message), error.message);
        }
      },
    ),
    { seed: 2, numRuns: 500 },
  );
});

/** A file with any header. */
function file(header: unknown, values: readonly number[] = [1, 2]): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = header instanceof Uint8Array ? header : new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + 4 * values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(new Uint8Array(new Float32Array(values).buffer), 8 + json.length);
  return bytes;
}

const a = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
const b = { dtype: "F32", shape: [1], data_offsets: [4, 8] };
const [textOfA, textOfB] = [JSON.stringify(a), JSON.stringify(b)];

/** A file that says its header has so many bytes. */
function headerOf(bytes: bigint): Uint8Array {
  const changed = reference.slice();
  new DataView(changed.buffer).setBigUint64(0, bytes, true);
  return changed;
}

Deno.test("headers are read that other programs may write", () => {
  // Neither the order of the values nor a multiple of 8 bytes.
  const { parameters } = decodeWeights(
    file({ b, a, none: { ...b, shape: [0], data_offsets: [4, 4] } }),
    "test",
  );
  assertEquals(parameters.map(({ name, values }) => [name, ...values]), [["b", 2], ["a", 1], [
    "none",
  ]]);
  assertEquals(
    decodeWeights(file(`{ "a": ${textOfA},\n"b" : ${textOfB} }  `), "test").parameters.length,
    2,
  );
  assertEquals(decodeWeights(file({}, []), "test"), { parameters: [], metadata: {} });
});

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
  "a huge header": [
    headerOf(2n ** 64n - 1n),
    "expected a header of at most 100000000 bytes, received 18446744073709551615",
  ],
  "a header longer than the file": [
    headerOf(1000n),
    "its header ends at byte 1008 and the file at",
  ],
  "an empty header": [headerOf(0n), 'its header must begin with "{", received ""'],
  "a header that is no UTF-8": [
    file(new Uint8Array([0x7b, 0x22, 0xff])),
    "its header is not UTF-8",
  ],
  "a byte order mark": [file(`\ufeff{"a": ${textOfA}, "b": ${textOfB}}`), 'must begin with "{"'],
  "white space first": [
    file(` {"a": ${textOfA}, "b": ${textOfB}}`),
    'its header must begin with "{", received " "',
  ],
  "a header that is a list": [file([a, b]), "its header: expected Object, received Array"],
  "a name twice": [
    file(`{"a": ${textOfA}, "b": ${textOfB}, "\\u0061": ${textOfA}}`),
    '"a" is there',
  ],
  "a key of a tensor twice": [
    file(`{"a": {"shape": [1], "list": [{}, "shape", {"shape": 1}], "shape": [1]}}`),
    '"a" shape is there twice',
  ],
  "metadata twice": [
    file(`{"__metadata__": {}, "a": ${textOfA}, "b": ${textOfB}, "__metadata__": {}}`),
    '"__metadata__" is there twice',
  ],
  "a key of metadata twice": [
    file(`{"__metadata__": {"x": "1", "x": "2"}, "a": ${textOfA}, "b": ${textOfB}}`),
    '"__metadata__" x is there twice',
  ],
  "a tensor named as what objects have": [
    file(`{"__proto__": 1, "constructor": ${textOfA}, "toString": ${textOfB}}`),
    '"__proto__": expected Object, received 1',
  ],
  "half a surrogate pair in a name": [
    file(`{"\\ud800": ${textOfA}, "b": ${textOfB}}`),
    '"\\ud800": expected Unicode, received half a surrogate pair',
  ],
  "half a surrogate pair in metadata": [
    file(`{"__metadata__": {"x": "\\ud800"}, "a": ${textOfA}, "b": ${textOfB}}`),
    '"__metadata__": expected Unicode, received half a surrogate pair',
  ],
  "a line break in a name": [file(`{"a\\nb": 1}`), '"a\\nb": expected Object, received 1'],
  "a line break in a type": [
    file({ a: { ...a, dtype: "F\n32" } }),
    '"a" dtype: expected "F32", received "F\\u000a32"',
  ],
  "values that end before they start": [
    file({ a, b: { ...b, data_offsets: [4, 0] } }),
    '"b" has -4 bytes, expected 4 for [1]',
  ],
  "an offset that is no whole number": [
    file({ a: { ...a, data_offsets: [0, 4.5] }, b }),
    '"a" data_offsets 1: expected an integer, received 4.5',
  ],
  "a negative offset": [
    file({ a: { ...a, data_offsets: [-4, 4] }, b }),
    '"a" data_offsets 0: expected >=0, received -4',
  ],
  "a shape that cannot be counted": [
    file({ a: { ...a, shape: [2 ** 50, 2 ** 50] }, b }),
    '"a" has more values than can be, [1125899906842624, 1125899906842624]',
  ],
  "a shape that cannot be counted, times 0": [
    file({ a, b, c: { ...a, shape: [2 ** 52, 2 ** 52, 0], data_offsets: [8, 8] } }),
    '"c" has more values than can be',
  ],
  "values beyond the file": [
    file({ a, b: { ...b, shape: [100], data_offsets: [4, 404] } }),
    "expected 404 bytes of values, received 8",
  ],
  "metadata that are no object": [
    file({ __metadata__: null, a, b }),
    '"__metadata__": expected Object, received null',
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
