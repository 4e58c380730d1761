import { assert, assertEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import { loadTest, loadTrain } from "../../datasets/mod.ts";
import { temporaryFolder } from "./small_set.ts";

interface Picture {
  readonly width?: number;
  readonly height?: number;
  readonly channels?: 1 | 3 | 4;
  readonly depth?: 8 | 16;
  readonly first?: number;
}

function png({ width = 3, height = 2, channels = 1, depth = 8, first = 0 }: Picture = {}) {
  const values = Array.from({ length: width * height * channels }, (_, i) => first + i);
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return encode({ width, height, channels, depth, data });
}

function write(folder: string, files: Record<string, Uint8Array>): void {
  for (const [name, bytes] of Object.entries(files)) {
    Deno.mkdirSync(`${folder}/${name.slice(0, name.lastIndexOf("/"))}`, { recursive: true });
    Deno.writeFileSync(`${folder}/${name}`, bytes);
  }
}

Deno.test("folders are classes, in the order of their names, and colours become planes", async () => {
  using folder = temporaryFolder();
  write(folder.path, {
    "train/dog/1.png": png({ channels: 3, first: 100 }),
    "train/cat/1.png": png({ channels: 3 }),
    "train/cat/notes.txt": new Uint8Array(3),
    "test/cat/1.png": png({ channels: 3, first: 50 }),
    "test/dog/1.png": png({ channels: 3, first: 70 }),
  });
  const train = await loadTrain(folder.path);
  assertEquals([train.count, train.shape, train.classNames], [2, [3, 2, 3], ["cat", "dog"]]);
  assertEquals([...train.labels], [0, 1]);
  // deno-fmt-ignore
  assertEquals([...train.images.subarray(0, 18)],
    [0, 3, 6, 9, 12, 15, 1, 4, 7, 10, 13, 16, 2, 5, 8, 11, 14, 17]);
  assertEquals(train.source, `folder ${folder.path}, 2 training images, 2 classes`);
  assertEquals((await loadTest(folder.path)).images[0], 50);
});

Deno.test("without train and test folders, each file is in one half and stays there", async () => {
  using folder = temporaryFolder();
  const add = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      write(folder.path, { [`${i % 2}/${i}.png`]: png({ first: i }) });
    }
  };
  const firstBytes = async (load: typeof loadTrain | typeof loadTest) => {
    const { images, count } = await load(folder.path);
    return new Set(Array.from({ length: count }, (_, i) => images[6 * i]!));
  };
  add(0, 120);
  const [train, test] = [await firstBytes(loadTrain), await firstBytes(loadTest)];
  assertEquals(train.size + test.size, 120);
  assert(train.isDisjointFrom(test), "no file is in both halves");
  assert(test.size > 5 && test.size < 40, `expected about 20 test images, received ${test.size}`);
  add(120, 180);
  assert(
    train.isSubsetOf(await firstBytes(loadTrain)),
    "files that were training images still are",
  );
});

Deno.test("a file that does not fit is named, with what is wrong", async (t) => {
  const good = png();
  const cases: [string, Uint8Array, string][] = [
    ["another size", png({ width: 4 }), "expected an image of 1 x 2 x 3 like the others"],
    ["another number of channels", png({ channels: 3 }), "received 3 x 2 x 3"],
    ["alpha", png({ channels: 4 }), "expected 8-bit grey or RGB, received 4 channels of 8 bits"],
    ["16 bits", png({ depth: 16 }), "received 1 channels of 16 bits"],
    ["cut", good.subarray(0, good.length - 20), "Cannot read the PNG file "],
    ["empty", new Uint8Array(), "it is cut, received 0 bytes"],
    ["one bit", good.with(45, good[45]! ^ 1), "Cannot read the PNG file "],
    ["huge by its head", good.with(18, 255), "expected at most 1024 x 1024, received 2 x 65283"],
    ["a long file for its size", new Uint8Array([...good, ...new Uint8Array(70_000)]), "bytes for"],
    ["text", new TextEncoder().encode("not a picture, but long enough for a head"), "Cannot read"],
  ];
  for (const [name, bytes, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      write(folder.path, { "train/a/1.png": good, "train/b/bad.png": bytes, "test/a/1.png": good });
      const error = await assertRejects(() => loadTrain(folder.path), Error, why);
      assert(error.message.includes("b/bad.png"), error.message);
    });
  }
});

Deno.test("a folder without classes or without images is refused", async () => {
  using folder = temporaryFolder();
  await assertRejects(() => loadTrain(folder.path), RangeError, "one for each class, received 0");
  Deno.mkdirSync(`${folder.path}/a`);
  Deno.mkdirSync(`${folder.path}/b`);
  await assertRejects(() => loadTrain(folder.path), RangeError, "it holds no train images");
});
