import { relative } from "node:path";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import {
  imagesSha256,
  loadTest,
  loadTrain,
  sameImages,
  sharedBytes,
  type Split,
} from "../../datasets/mod.ts";
import { smallSplit } from "./small_split.ts";
import { temporaryFolder } from "./small_set.ts";

const picture = (value: number) =>
  encode({ width: 1, height: 1, channels: 1, depth: 8, data: Uint8Array.of(value) });

const split = smallSplit([0, 1, 2, 0], [1, 2, 3], (image, place) => 10 * image + place, 3);

Deno.test("the same images are known again, wherever they lie", () => {
  const sha256 = imagesSha256(split);
  assert(/^[0-9a-f]{64}$/.test(sha256), sha256);
  assertEquals(imagesSha256({ ...split, dataset: "/elsewhere", source: "found" }), sha256);
  assertEquals(
    imagesSha256({ ...split, classNames: ["é", "b", "c"] }),
    imagesSha256({ ...split, classNames: ["e\u0301", "b", "c"] }),
  );
  assertEquals(sameImages(split), { dataset: "small", sha256 });
});

Deno.test("what was written down for images is found for them later", () => {
  assertEquals(
    imagesSha256(split),
    "7ee59b199155cf71fe83448e1e9268c7e0b5c28fbc2ff75c4876a3b60ffad9dd",
  );
});

Deno.test("every change of what a network sees is another set of images", () => {
  const flipped = (bytes: Uint8Array): Uint8Array<SharedArrayBuffer> => {
    const copy = sharedBytes(bytes.length);
    copy.set(bytes);
    copy[bytes.length - 1]! ^= 1;
    return copy;
  };
  const changes: Partial<Split>[] = [
    { images: flipped(split.images) },
    { labels: flipped(split.labels) },
    { shape: [1, 3, 2] },
    { shape: [2, 1, 3] },
    { classNames: ["a", "b", "c"] },
    { classNames: [...split.classNames].reverse() },
    { classNames: [...split.classNames, "3"] },
    { count: 3, labels: split.labels.slice(0, 3), images: split.images.slice(0, 18) } as never,
  ];
  const all = [split, ...changes.map((change) => ({ ...split, ...change }))].map(imagesSha256);
  assertEquals(new Set(all).size, all.length);
});

Deno.test("halves that must be certain ones are refused when they are not", async () => {
  using folder = temporaryFolder();
  for (const half of ["train", "test"]) {
    for (const name of ["a", "b"]) {
      Deno.mkdirSync(`${folder.path}/${half}/${name}`, { recursive: true });
      Deno.writeFileSync(`${folder.path}/${half}/${name}/1.png`, picture(7));
    }
  }
  for (const [half, load] of [["train", loadTrain], ["test", loadTest]] as const) {
    const before = sameImages(await load(folder.path));
    assertEquals(imagesSha256(await load(before.dataset, before)), before.sha256);
    Deno.writeFileSync(`${folder.path}/${half}/a/1.png`, picture(8));
    const error = await assertRejects(() => load(before.dataset, before), RangeError);
    assertEquals(
      error.message,
      `Cannot use the ${half} images of ${folder.path}: they were changed meanwhile`,
    );
    assertNotEquals(sameImages(await load(folder.path)), before);
  }
});

Deno.test("a folder is called by its absolute path, and a set by its name", async () => {
  using folder = temporaryFolder();
  for (const name of ["train/a", "train/b", "test/a", "test/b"]) {
    Deno.mkdirSync(`${folder.path}/${name}`, { recursive: true });
    Deno.writeFileSync(`${folder.path}/${name}/1.png`, picture(1));
  }
  const path = `${relative(Deno.cwd(), folder.path)}/train/..//`;
  assertEquals((await loadTrain(path)).dataset, folder.path);
  assertEquals((await loadTest("synthetic")).dataset, "synthetic");
});
