import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadTest, loadTrain } from "../../../datasets/mod.ts";
import { png, writeFiles } from "../png_folder.ts";
import { temporaryFolder } from "../small_set.ts";

Deno.test("folders are classes, in the order of their names, and colours become planes", async () => {
  using folder = temporaryFolder();
  writeFiles(folder.path, {
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

Deno.test("test images have the labels of the training half, whatever classes are among them", async () => {
  using folder = temporaryFolder();
  writeFiles(folder.path, {
    "train/ant/1.png": png(),
    "train/bee/1.png": png(),
    "train/cat/1.png": png(),
    "test/ant/1.png": png({ first: 10 }),
    "test/cat/1.png": png({ first: 30 }),
    "test/cat/2.png": png({ first: 40 }),
  });
  const test = await loadTest(folder.path);
  assertEquals(test.classNames, ["ant", "bee", "cat"]);
  assertEquals([...test.labels], [0, 2, 2]);
  assertEquals([0, 1, 2].map((image) => test.images[6 * image]), [10, 30, 40]);
  assertEquals(test.remarks, [`${folder.path} has no test images of bee`]);
  assertEquals((await loadTrain(folder.path)).remarks, []);
});

Deno.test("a name is the same name however its accents are written", async () => {
  const [composed, decomposed] = ["caf\u00e9", "cafe\u0301"];
  using folder = temporaryFolder();
  writeFiles(folder.path, {
    [`train/${decomposed}/1.png`]: png(),
    "train/cafz/1.png": png(),
    [`test/${composed}/1.png`]: png(),
    "test/cafz/1.png": png(),
  });
  const test = await loadTest(folder.path);
  assertEquals([test.classNames, [...test.labels]], [["cafz", composed], [0, 1]]);
  assertEquals((await loadTrain(folder.path)).classNames, test.classNames);
  writeFiles(folder.path, { [`train/${composed}/1.png`]: png() });
  await assertRejects(() => loadTrain(folder.path), RangeError, "two folders with the name caf");
});

Deno.test("the halves do not depend on how the disk writes accents", async () => {
  const halves = [];
  for (const form of ["NFC", "NFD"]) {
    using folder = temporaryFolder();
    for (let i = 0; i < 30; i++) {
      writeFiles(folder.path, {
        [`${i % 2}\u00e9/\u00fc${i}.png`.normalize(form)]: png({ first: i }),
      });
    }
    halves.push([...(await loadTest(folder.path)).images]);
  }
  assertEquals(halves[0], halves[1]);
});

Deno.test("classes are in the order of their code points", async () => {
  using folder = temporaryFolder();
  const names = ["B", "a", "\ufb01", "\u{1f600}"]; // as UTF-16, the last two would change places
  for (const name of names.toReversed()) {
    writeFiles(folder.path, { [`train/${name}/1.png`]: png() });
  }
  Deno.mkdirSync(`${folder.path}/test`);
  assertEquals((await loadTrain(folder.path)).classNames, names);
});

Deno.test("a test half that is not like the training half is refused", async (t) => {
  const cases: [string, string, Uint8Array, string][] = [
    [
      "grey for RGB",
      "test/b/1.png",
      png(),
      "of 3 x 2 x 3 like the training images, received 1 x 2",
    ],
    ["size", "test/b/1.png", png({ channels: 3, width: 4 }), "like the training images, received"],
    ["class", "test/dog/1.png", png({ channels: 3 }), "which are a, b, received also dog"],
    [
      "no image",
      "test/a/1.jpg",
      png(),
      "expected PNG files in the folder a, received none; passed",
    ],
  ];
  for (const [name, file, bytes, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const good = png({ channels: 3 });
      writeFiles(folder.path, { "train/a/1.png": good, "train/b/1.png": good, [file]: bytes });
      const { message } = await assertRejects(() => loadTest(folder.path), RangeError, why);
      assert(message.startsWith(`Cannot load ${folder.path}/test`), message);
      assertEquals((await loadTrain(folder.path)).count, 2);
    });
  }
});

Deno.test("every entry is read, or counted and said", async () => {
  using folder = temporaryFolder();
  const nothing = new Uint8Array();
  writeFiles(folder.path, {
    "train/ant/1.PNG": png({ first: 1 }),
    "train/ant/sub/folder/2.png": png({ first: 2 }),
    "train/ant/sub/.hidden.png": nothing,
    "train/ant/._1.PNG": nothing,
    "train/ant/@eaDir/1.png/thumb.png": nothing,
    "train/bee/1.png": png({ first: 3 }),
    "train/bee/2.jpg": nothing,
    "train/bee/3.JPG": nothing,
    "train/bee/README": nothing,
    "train/__MACOSX/ant/1.png": nothing,
    "train/4.png": png(),
    "test/ant/1.png": png(),
    "test/bee/1.png": png(),
    ".git/config": nothing,
    "notes.txt": nothing,
  });
  const train = await loadTrain(folder.path);
  assertEquals(train.classNames, ["ant", "bee"]);
  assertEquals([0, 1, 2].map((image) => train.images[6 * image]), [1, 2, 3]);
  assertEquals([...train.labels], [0, 0, 1]);
  const said = "Only PNG files in folders of classes are read; passed over in";
  const top = `${said} ${folder.path}: 1 hidden (.git), 1 .txt (notes.txt)`;
  assertEquals(train.remarks, [
    top,
    `${said} ${folder.path}/train: 2 of the system (such as __MACOSX), ` +
    "1 beside the folders (4.png), 2 hidden (such as ant/._1.PNG), " +
    "2 .jpg (such as bee/2.jpg), 1 without an ending (bee/README)",
  ]);
  assertEquals((await loadTest(folder.path)).remarks, [top]);
});

Deno.test("both halves of a folder that is not divided say the same once", async () => {
  using folder = temporaryFolder();
  for (let i = 0; i < 40; i++) writeFiles(folder.path, { [`${i % 2}/${i}.png`]: png() });
  writeFiles(folder.path, { "1/notes.txt": new Uint8Array() });
  const [train, test] = [await loadTrain(folder.path), await loadTest(folder.path)];
  assertEquals(train.remarks!.length, 1);
  assertEquals(test.remarks, train.remarks);
});

Deno.test("links are followed, but not in a circle and not into the void", async () => {
  using folder = temporaryFolder();
  const { path } = folder;
  writeFiles(path, {
    "pool/1.png": png({ first: 7 }),
    "data/a/2.png": png(),
    "data/test/1.png": png(),
  });
  Deno.symlinkSync("../../pool/1.png", `${path}/data/a/1.png`);
  Deno.symlinkSync("../pool", `${path}/data/b`);
  Deno.removeSync(`${path}/data/test`, { recursive: true });
  Deno.mkdirSync(`${path}/halves/test`, { recursive: true });
  Deno.symlinkSync("../data", `${path}/halves/train`);
  const train = await loadTrain(`${path}/halves`);
  assertEquals([train.classNames, train.count, train.images[0]], [["a", "b"], 3, 7]);
  const circle = "it is a link to a folder that it is in";
  const refused: [string, string, string][] = [
    ["a/3.png", "nowhere.png", "it is a link to nowhere.png, which is not there"],
    ["a/self.png", "self.png", "Cannot load"],
    ["a/up", "..", circle],
    ["b/back", "../data", circle], // b is a link, so this is pool/back
  ];
  for (const [name, target, why] of refused) {
    Deno.symlinkSync(target, `${path}/data/${name}`);
    const { message } = await assertRejects(() => loadTrain(`${path}/halves`), RangeError, why);
    assert(message.includes(name) && !message.includes("\n"), message);
    Deno.removeSync(`${path}/data/${name}`);
  }
});

Deno.test("folders that are halves under other names are refused with what is expected", async (t) => {
  const cases = [
    ["Test", "Train"],
    ["test", "train", "val"],
    ["test", "train", "unlabelled"],
    ["train", "validation"],
    ["train"],
    ["masks", "train"],
  ];
  for (const names of cases) {
    await t.step(names.join(), async () => {
      using folder = temporaryFolder();
      for (const name of names) {
        writeFiles(folder.path, { [`${name}/a/1.png`]: png(), [`${name}/b/1.png`]: png() });
      }
      const { message } = await assertRejects(() => loadTrain(folder.path), RangeError);
      assertEquals(
        message,
        `Cannot load ${folder.path}: expected the folders train and test and no other, or folders ` +
          `of classes, received ${names.join(", ")}`,
      );
    });
  }
  await t.step("halves in each class", async () => {
    using folder = temporaryFolder();
    for (const name of ["a/Train/1", "a/test/1", "b/Train/1", "b/test/1"]) {
      writeFiles(folder.path, { [`${name}.png`]: png() });
    }
    await assertRejects(
      () => loadTrain(folder.path),
      RangeError,
      "expected the folders train and test and no other, or folders of classes, received a/Train/1.png",
    );
  });
  await t.step("a train can be a class", async () => {
    using folder = temporaryFolder();
    for (let i = 0; i < 40; i++) {
      writeFiles(folder.path, { [`${i % 2 ? "bus" : "train"}/${i}.png`]: png() });
    }
    assertEquals((await loadTrain(folder.path)).classNames, ["bus", "train"]);
  });
});

Deno.test("a class of which the hash leaves no training image is refused", async () => {
  using folder = temporaryFolder();
  for (let i = 0; i < 40; i++) writeFiles(folder.path, { [`a/${i}.png`]: png() });
  writeFiles(folder.path, { "b/4.png": png() });
  await assertRejects(() => loadTrain(folder.path), RangeError, "received none of b: the hash of");
});

Deno.test("without train and test folders, each file is in one half and stays there", async () => {
  using folder = temporaryFolder();
  const add = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      writeFiles(folder.path, { [`${i % 2}/${i}.png`]: png({ first: i }) });
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
      writeFiles(folder.path, {
        "train/a/1.png": good,
        "train/b/bad.png": bytes,
        "test/a/1.png": good,
      });
      const error = await assertRejects(() => loadTrain(folder.path), Error, why);
      assert(error.message.includes("b/bad.png"), error.message);
    });
  }
});

Deno.test("a folder without classes or without images is refused", async () => {
  using folder = temporaryFolder();
  await assertRejects(() => loadTrain(folder.path), RangeError, "one for each class, received 0");
  writeFiles(folder.path, { "1.png": png(), "2.jpg": png() });
  await assertRejects(
    () => loadTrain(folder.path),
    RangeError,
    `received 0; passed over in ${folder.path}: 1 beside the folders (1.png), 1 .jpg (2.jpg)`,
  );
  Deno.mkdirSync(`${folder.path}/a`);
  Deno.mkdirSync(`${folder.path}/b`);
  await assertRejects(() => loadTrain(folder.path), RangeError, "in the folder a, received none");
});
