import { assert, assertEquals, assertRejects } from "@std/assert";
import { writeIdxHead } from "../../../datasets/formats/idx.ts";
import { augmentationFor, imagesSha256, loadTest, loadTrain } from "../../../datasets/mod.ts";
import { png, writeFiles } from "../png_folder.ts";
import { type Bytes, concat, gzip, randomBytes, temporaryFolder } from "../small_set.ts";

const PIXELS = 6;

/** Grey images of 2 x 3. */
function images(count: number, seed: number): Bytes {
  return concat(writeIdxHead([count, 2, 3]), randomBytes(PIXELS * count, seed));
}

function labels(...values: readonly number[]): Bytes {
  return concat(writeIdxHead([values.length]), values);
}

/** Letters, whose labels begin with 1, and 7 is the first one that is not there. */
const SET = {
  "train-images-idx3-ubyte": images(5, 1),
  "train-labels-idx1-ubyte": labels(8, 1, 3, 1, 8),
  "t10k-images-idx3-ubyte": images(3, 2),
  "t10k-labels-idx1-ubyte": labels(3, 3, 8),
};

/** The set's files under other names, and packed if these end so. */
async function renamed(rename: (name: string) => string): Promise<Record<string, Bytes>> {
  const files: Record<string, Bytes> = {};
  for (const [name, bytes] of Object.entries(SET)) {
    const other = rename(name);
    files[other] = /\.gz$/i.test(other) ? await gzip(bytes) : bytes;
  }
  return files;
}

Deno.test("the labels of the training half are the classes of both", async () => {
  using folder = temporaryFolder();
  writeFiles(folder.path, SET);
  const train = await loadTrain(folder.path);
  assertEquals([train.count, train.shape, train.classNames], [5, [1, 2, 3], ["1", "3", "8"]]);
  assertEquals([...train.labels], [2, 0, 1, 0, 2]);
  assertEquals([...train.images], [...SET["train-images-idx3-ubyte"].subarray(16)]);
  assert(train.images.buffer instanceof SharedArrayBuffer);
  assertEquals(train.dataset, folder.path);
  assertEquals(
    train.source,
    `folder ${folder.path}, 5 training images, 3 classes, IDX files`,
  );
  const test = await loadTest(folder.path);
  assertEquals([test.count, test.shape, test.classNames], [3, train.shape, train.classNames]);
  assertEquals([...test.labels], [1, 1, 2]);
  assertEquals([...test.images], [...SET["t10k-images-idx3-ubyte"].subarray(16)]);
  assertEquals(test.remarks, [`${folder.path} has no test images of 1`]);
  assertEquals(augmentationFor(folder.path), { pad: 4, flip: false });
});

Deno.test("they are the same images under every name that is published, packed or not", async (t) => {
  using plain = temporaryFolder();
  writeFiles(plain.path, SET);
  const identities = async (path: string) => [
    imagesSha256(await loadTrain(path)),
    imagesSha256(await loadTest(path)),
  ];
  const expected = await identities(plain.path);
  const names: [string, (name: string) => string][] = [
    ["gzip", (name) => `${name}.gz`],
    ["one packed", (name) => name.includes("t10k-images") ? `${name}.GZ` : name],
    ["as EMNIST", (name) => `emnist-letters-${name.replace("t10k", "test")}.gz`],
    ["as unpacked by some programs", (name) => name.replace("-idx", ".idx")],
  ];
  for (const [name, rename] of names) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      writeFiles(folder.path, await renamed(rename));
      assertEquals(await identities(folder.path), expected);
    });
  }
  await t.step("packed, under a name that says otherwise", async () => {
    using folder = temporaryFolder();
    const packed = await gzip(SET["train-images-idx3-ubyte"]);
    writeFiles(folder.path, { ...SET, "train-images-idx3-ubyte": packed });
    assertEquals(await identities(folder.path), expected);
  });
});

Deno.test("training images load where the test files cannot be opened", async () => {
  using folder = temporaryFolder();
  writeFiles(folder.path, SET);
  const module = new URL("../../../datasets/load.ts", import.meta.url);
  const program = `import { loadTest, loadTrain } from ${JSON.stringify(module.href)};
    const path = ${JSON.stringify(folder.path)};
    console.log((await loadTrain(path)).count);
    await loadTest(path).catch((error) => console.log(error.name));`;
  const testFiles = ["images-idx3", "labels-idx1"].map((name) =>
    `${folder.path}/t10k-${name}-ubyte`
  );
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--no-config",
      "--allow-read",
      `--deny-read=${testFiles}`,
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(text(stdout), "5\nNotCapable\n", text(stderr));
});

Deno.test("a half whose files are missing is missed only when it is loaded", async () => {
  using folder = temporaryFolder();
  const { "t10k-images-idx3-ubyte": _, "train-labels-idx1-ubyte": trainLabels, ...others } = SET;
  writeFiles(folder.path, { ...others, "train-labels-idx1-ubyte": trainLabels });
  assertEquals((await loadTrain(folder.path)).count, 5);
  const { message } = await assertRejects(() => loadTest(folder.path), RangeError);
  assertEquals(
    message,
    `Cannot load ${folder.path}: expected one file of test images such as ` +
      "t10k-images-idx3-ubyte, packed by gzip or not, received none",
  );
  Deno.removeSync(`${folder.path}/train-labels-idx1-ubyte`);
  for (const load of [loadTrain, loadTest]) {
    await assertRejects(
      () => load(folder.path),
      RangeError,
      "expected one file of train labels such as train-labels-idx1-ubyte",
    );
  }
});

Deno.test("what is not read is counted and said", async () => {
  using folder = temporaryFolder();
  writeFiles(folder.path, {
    ...SET,
    "train-images-idx3-ubyte.gz": await gzip(SET["train-images-idx3-ubyte"]),
    "mapping.txt": new Uint8Array(1),
    "._train-images-idx3-ubyte": new Uint8Array(1),
    "__MACOSX/train-images-idx3-ubyte": new Uint8Array(1),
  });
  const said = [
    `Only IDX files are read; passed over in ${folder.path}: 1 hidden ` +
    "(._train-images-idx3-ubyte), 1 of the system (__MACOSX), 1 .txt (mapping.txt), " +
    "1 beside its unpacked copy (train-images-idx3-ubyte.gz)",
  ];
  assertEquals((await loadTrain(folder.path)).remarks, said);
  assertEquals((await loadTest(folder.path)).remarks!.slice(0, 1), said);
});

Deno.test("files that do not fit each other are refused, and the one to look at is named", async (t) => {
  const cases: [string, Record<string, Bytes>, typeof loadTrain | typeof loadTest, string][] = [
    [
      "more images than labels",
      { "train-labels-idx1-ubyte": labels(8, 1, 3, 1) },
      loadTrain,
      "/train-labels-idx1-ubyte: expected 5 labels, one for each image in ",
    ],
    [
      "more test labels than images",
      { "t10k-labels-idx1-ubyte": labels(3, 3, 8, 8) },
      loadTest,
      "/t10k-labels-idx1-ubyte: expected 3 labels, one for each image in ",
    ],
    [
      "a test label of no training image",
      { "t10k-labels-idx1-ubyte": labels(3, 2, 8) },
      loadTest,
      "/t10k-labels-idx1-ubyte: label 1 is 2, which no training image has: those have 1, 3, 8",
    ],
    [
      "test images of another shape",
      { "t10k-images-idx3-ubyte": concat(writeIdxHead([3, 3, 2]), randomBytes(18, 1)) },
      loadTest,
      "/t10k-images-idx3-ubyte: expected images of 2 x 3 like the training images, received 3 x 2",
    ],
    [
      "one class",
      { "train-labels-idx1-ubyte": labels(4, 4, 4, 4, 4) },
      loadTest,
      "/train-labels-idx1-ubyte: expected labels of at least 2 classes, received only the label 4",
    ],
    [
      "no image",
      { "train-images-idx3-ubyte": images(0, 1), "train-labels-idx1-ubyte": labels() },
      loadTrain,
      "/train-labels-idx1-ubyte: expected labels of at least 2 classes, received no label",
    ],
    [
      "no test image",
      {
        "t10k-images-idx3-ubyte": images(0, 1),
        "t10k-labels-idx1-ubyte": labels(),
      },
      loadTest,
      ": expected at least 1 image, received 0",
    ],
    [
      "images of no size",
      { "train-images-idx3-ubyte": writeIdxHead([5, 0, 3]) },
      loadTest,
      "/train-images-idx3-ubyte: expected images of 1 x 1 to 1024 x 1024, received 0 x 3",
    ],
    [
      "huge images",
      { "train-images-idx3-ubyte": concat(writeIdxHead([1, 1, 1025]), randomBytes(1025, 1)) },
      loadTrain,
      "/train-images-idx3-ubyte: expected images of 1 x 1 to 1024 x 1024, received 1 x 1025",
    ],
    [
      "two files of test images",
      { "test-images-idx3-ubyte": images(3, 2) },
      loadTest,
      "received t10k-images-idx3-ubyte, test-images-idx3-ubyte",
    ],
    [
      "two sets",
      { "emnist-letters-train-images-idx3-ubyte": images(5, 1) },
      loadTrain,
      "expected the IDX files of one set, received those of 2, such as " +
      "emnist-letters-train-images-idx3-ubyte, train-labels-idx1-ubyte; give each set a folder",
    ],
    [
      "folders beside the files",
      { "cat/1.png": png() as Bytes },
      loadTrain,
      "expected either IDX files or folders, received the files t10k-images-idx3-ubyte, " +
      "t10k-labels-idx1-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte and the folders cat",
    ],
  ];
  for (const [name, files, load, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      writeFiles(folder.path, { ...SET, ...files });
      const { message } = await assertRejects(() => load(folder.path), RangeError, why);
      assert(!message.includes("\n") && message.includes(folder.path), message);
    });
  }
});

Deno.test("a damaged file is refused with its name, packed or not", async (t) => {
  const file = "train-images-idx3-ubyte";
  const good = SET[file];
  const packed = await gzip(good);
  const cases: [string, Bytes, string][] = [
    ["empty", new Uint8Array(), "expected a head of 16 bytes, received 0 bytes in all"],
    ["cut head", good.slice(0, 9), "expected a head of 16 bytes, received 9 bytes in all"],
    ["cut", good.slice(0, -1), "expected 46 bytes for 5 x 2 x 3, received 45"],
    ["too long", concat(good, [0]), "expected 46 bytes for 5 x 2 x 3, received 47"],
    ["labels", SET["train-labels-idx1-ubyte"], "expected a head of 16 bytes, received 13 bytes"],
    ["many labels", labels(...new Uint8Array(20)), "expected images (3 dimensions), received 1"],
    ["numbers", good.with(2, 0x0d) as Bytes, "received element type 13"],
    ["text", concat("<html>404 not found</html>"), "expected two zero bytes first"],
    ["cut gzip", packed.slice(0, -9), "the gzip data are damaged or cut"],
    ["gzip of a cut head", await gzip(good.slice(0, 9)), "expected a head of 16 bytes, received 9"],
    ["gzip of a cut file", await gzip(good.slice(0, -1)), "for 5 x 2 x 3, received 45"],
    ["gzip of more", await gzip(concat(good, [0])), "for 5 x 2 x 3, received more"],
    [
      "gzip of much more",
      await gzip(concat(good, new Uint8Array(300_000))),
      "for 5 x 2 x 3, received more",
    ],
    [
      "a head that announces more than can be in it",
      await gzip(concat(writeIdxHead([4_000_000_000, 1000, 1000]), [1])),
      "expected 4000000000000016 bytes for 4000000000 x 1000 x 1000, received ",
    ],
    [
      "a wrong checksum in gzip",
      packed.with(-8, packed.at(-8)! ^ 1) as Bytes,
      "are damaged or cut",
    ],
  ];
  for (const [name, bytes, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      writeFiles(folder.path, { ...SET, [file]: bytes });
      const { message } = await assertRejects(() => loadTrain(folder.path), SyntaxError, why);
      assert(message.includes(`${folder.path}/${file}`) && !message.includes("\n"), message);
    });
  }
});
