import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { packTar } from "modern-tar";
import { loadCached, readManifest } from "../../../datasets/published/cache.ts";
import { importFiles } from "../../../datasets/published/import_files.ts";
import { writeIdxHead } from "../../../datasets/formats/idx.ts";
import { KNOWN_DATASETS } from "../../../datasets/mod.ts";
import { readCifarRecords } from "../../../datasets/formats/cifar.ts";
import { cifarPickle } from "../formats/cifar_pickle.ts";
import {
  type Bytes,
  concat,
  filesUnder,
  gzip,
  randomBytes,
  smallCifarSet,
  smallIdxSet,
  temporaryFolder,
} from "../small_set.ts";

function write(folder: string, files: Iterable<[string, Bytes]>): string[] {
  return Array.from(files, ([name, bytes]) => {
    Deno.writeFileSync(`${folder}/${name}`, bytes);
    return `${folder}/${name}`;
  });
}

const directory = (folder: { path: string }) => `${folder.path}/cache`;

Deno.test("packed and unpacked IDX files import to the same images, whatever their names", async () => {
  const { known, files, contents } = await smallIdxSet();
  for (const source of [files, contents]) {
    using folder = temporaryFolder();
    const renamed = [...source].map(([, bytes], i): [string, Bytes] => [`file${i}`, bytes]);
    const imported = await importFiles(known, write(folder.path, renamed), directory(folder));
    assertEquals(imported.map(({ split, manifest }) => [split, manifest.count]), [
      ["train", 20],
      ["test", 10],
    ]);
    const train = await loadCached(known, "train", directory(folder));
    assertEquals([...train!.images], [...contents.get("train-images-idx3-ubyte")!.subarray(16)]);
    assertEquals([...train!.labels], [...contents.get("train-labels-idx1-ubyte")!.subarray(8)]);
    assert(train!.images.buffer instanceof SharedArrayBuffer);
    assertEquals(train!.source, "Fashion-MNIST, 20 training images, official files");
  }
});

Deno.test("one half can be imported without the other", async () => {
  const { known, contents } = await smallIdxSet();
  using folder = temporaryFolder();
  const test = [...contents].filter(([name]) => name.startsWith("t10k"));
  await importFiles(known, write(folder.path, test), directory(folder));
  assertEquals(await loadCached(known, "train", directory(folder)), undefined);
  assertEquals((await loadCached(known, "test", directory(folder)))!.count, 10);
});

Deno.test("CIFAR-10 imports alike from batches, a tar archive, and Python pickles", async () => {
  const { known, contents } = smallCifarSet();
  const member = (name: string, body: Bytes) => ({ header: { name, size: body.length }, body });
  const tar = await packTar([
    { header: { name: "cifar-10-batches-bin/", size: 0, type: "directory" } },
    member("cifar-10-batches-bin/readme.html", concat("hello")),
    ...Array.from(contents, ([name, bytes]) => member(`cifar-10-batches-bin/${name}`, bytes)),
  ]);
  const pickles = await packTar(Array.from(contents, ([name, bytes]) => {
    const { images, labels } = readCifarRecords(bytes, known.shape, 10, name);
    return member(`cifar-10-batches-py/${name.replace(".bin", "")}`, cifarPickle(images, labels));
  }));
  const sources: [string, Bytes][][] = [
    [...contents].reverse(),
    [["cifar-10-binary.tar.gz", await gzip(tar)]],
    [["cifar-10-python.tar", pickles]],
  ];
  for (const source of sources) {
    using folder = temporaryFolder();
    await importFiles(known, write(folder.path, source), directory(folder));
    const train = (await loadCached(known, "train", directory(folder)))!;
    const test = (await loadCached(known, "test", directory(folder)))!;
    assertEquals([train.count, test.count], [10, 4]);
    assertEquals(train.labels[5], contents.get("data_batch_2.bin")![0]);
    assertEquals(train.images[5 * 3072], contents.get("data_batch_2.bin")![1]);
  }
});

Deno.test("a part of SVHN in CIFAR-10's layout is reported as a subset", async () => {
  using folder = temporaryFolder();
  const records = randomBytes(5 * 3073, 1, 10);
  const paths = write(folder.path, [["svhn_train_subset.bin.gz", await gzip(records)]]);
  await importFiles(KNOWN_DATASETS.svhn, paths, directory(folder));
  const train = (await loadCached(KNOWN_DATASETS.svhn, "train", directory(folder)))!;
  assertStringIncludes(
    train.source,
    "SVHN (cropped) subset, 5 of 73,257 training images, from svhn_train_subset.bin (SHA-256 ",
  );
  const unnamed = write(folder.path, [["svhn.bin", records]]);
  await assertRejects(
    () => importFiles(KNOWN_DATASETS.svhn, unnamed, directory(folder)),
    SyntaxError,
    "expected a name that says either train or test",
  );
});

Deno.test("bad files are refused in one clear line, and nothing is stored", async (t) => {
  const { known, files, contents } = await smallIdxSet();
  const cifar = smallCifarSet();
  const images = contents.get("train-images-idx3-ubyte")!;
  const packed = files.get("train-images-idx3-ubyte.gz")!;
  const batch = cifar.contents.get("data_batch_1.bin")!;
  const tar = (name: string, type: "file" | "symlink") =>
    packTar([{
      header: { name, type, size: type === "file" ? batch.length : 0, linkname: "/etc/passwd" },
      ...(type === "file" ? { body: batch } : {}),
    }]);
  const bomb = await gzip(new Uint8Array(30 << 20));
  const cases: [string, typeof known, Bytes, string][] = [
    ["cut", known, images.subarray(0, 5000) as Bytes, "expected 15696 bytes for 20 x 28 x 28"],
    ["cut gzip", known, packed.subarray(0, 5000) as Bytes, "the gzip data are damaged or cut"],
    ["noise in gzip", known, packed.with(3000, packed[3000]! ^ 1) as Bytes, "Cannot "],
    [
      "one bit",
      known,
      images.with(500, images[500]! ^ 1) as Bytes,
      "it can be read but is no file",
    ],
    ["another shape", known, concat(writeIdxHead([1, 2, 2]), [1, 2, 3, 4]), "images of 28 x 28"],
    ["labels alone", known, contents.get("train-labels-idx1-ubyte")!, "expected also train-images"],
    ["text", known, concat("<html>404</html>"), "expected two zero bytes first"],
    ["empty", known, new Uint8Array(), "received 0 bytes in all"],
    ["bomb", known, bomb, "bytes, received more"],
    ["other set", cifar.known, images, "expected a whole number of records"],
    ["batch missing", cifar.known, batch, "expected also data_batch_2.bin"],
    ["tar with ..", cifar.known, await tar("../data_batch_1.bin", "file"), "leads out of it"],
    ["absolute tar", cifar.known, await tar("/data_batch_1.bin", "file"), "leads out of it"],
    ["tar with a link", cifar.known, await tar("data_batch_1.bin", "symlink"), "a symlink, where"],
    [
      "cut tar",
      cifar.known,
      (await tar("a/data_batch_1.bin", "file")).subarray(0, 9000),
      "archive",
    ],
  ];
  for (const [name, set, bytes, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      const paths = write(folder.path, [["file.bin", bytes]]);
      const error = await assertRejects(
        () => importFiles(set, paths, directory(folder)),
        Error,
        why,
      );
      assertEquals(error.message.includes("\n"), false);
      assertEquals(filesUnder(folder.path), paths);
    });
  }
});

Deno.test("swapped and repeated files are sorted out by their content", async () => {
  const { known, contents } = await smallIdxSet();
  using folder = temporaryFolder();
  const swapped: [string, Bytes][] = [
    ["train-labels-idx1-ubyte", contents.get("train-images-idx3-ubyte")!],
    ["train-images-idx3-ubyte", contents.get("train-labels-idx1-ubyte")!],
    ["again", contents.get("train-labels-idx1-ubyte")!],
  ];
  await importFiles(known, write(folder.path, swapped), directory(folder));
  assertEquals((await readManifest(known, "train", directory(folder)))!.count, 20);
});

Deno.test("a missing file is named", async () => {
  const { known } = await smallIdxSet();
  await assertRejects(() => importFiles(known, ["nowhere.gz"], "unused"), Error, "nowhere.gz");
});

Deno.test("a second part of the same half is refused, and does not replace the first", async () => {
  using folder = temporaryFolder();
  const paths = write(folder.path, [
    ["train_a.bin", randomBytes(2 * 3073, 1, 10)],
    ["train_b.bin", randomBytes(3 * 3073, 2, 10)],
  ]);
  await assertRejects(
    () => importFiles(KNOWN_DATASETS.svhn, paths, directory(folder)),
    RangeError,
    "expected one file of train images if it is a part, received more",
  );
  assertEquals(filesUnder(folder.path), paths);
});
