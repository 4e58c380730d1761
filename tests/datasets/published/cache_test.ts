import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import {
  cacheDirectory,
  type CacheEntry,
  loadCached,
  readManifest,
  storeSplit,
} from "../../../datasets/published/cache.ts";
import { KNOWN_DATASETS } from "../../../datasets/mod.ts";
import { filesUnder, randomBytes, temporaryFolder } from "../small_set.ts";

const known = KNOWN_DATASETS["fashion-mnist"];
const entry: CacheEntry = {
  images: [randomBytes(784, 1), randomBytes(2 * 784, 2)],
  labels: [randomBytes(1, 3, 10), randomBytes(2, 4, 10)],
  origin: "test",
};

/** Run with these environment variables and no other of the same kind. */
function withEnvironment(variables: Record<string, string>, run: () => void): void {
  const names = ["MDDES_DATA", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  names.forEach((name) => Deno.env.delete(name));
  Object.entries(variables).forEach(([name, value]) => Deno.env.set(name, value));
  try {
    run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

Deno.test("what is stored is read again, pieces joined, as a subset with its count", async () => {
  using folder = temporaryFolder();
  await storeSplit(known, "train", folder.path, entry);
  const split = (await loadCached(known, "train", folder.path))!;
  assertEquals(split.count, 3);
  assertEquals([...split.images], entry.images.flatMap((piece) => [...piece]));
  assertEquals([...split.labels], entry.labels.flatMap((piece) => [...piece]));
  assertEquals(split.source, "Fashion-MNIST subset, 3 of 60,000 training images, test");
});

Deno.test("storing again replaces what was there", async () => {
  using folder = temporaryFolder();
  await storeSplit(known, "train", folder.path, entry);
  const one = { ...entry, images: [entry.images[0]!], labels: [entry.labels[0]!] };
  await storeSplit(known, "train", folder.path, one);
  assertEquals((await loadCached(known, "train", folder.path))!.count, 1);
  assertEquals(filesUnder(folder.path).length, 3);
});

Deno.test("a damaged cache is never used", async (t) => {
  const damage = (file: string, change: (bytes: Uint8Array) => Uint8Array) => (folder: string) => {
    const path = `${folder}/fashion-mnist/train/${file}`;
    Deno.writeFileSync(path, change(Deno.readFileSync(path)));
  };
  const cases: [string, (folder: string) => void, string][] = [
    ["one bit of an image", damage("images.idx", (b) => b.with(99, b[99]! ^ 1)), "it is damaged"],
    ["cut images", damage("images.idx", (b) => b.subarray(0, 999)), "expected 2372 bytes"],
    ["one label", damage("labels.idx", (b) => b.with(9, b[9]! ^ 1)), "it is damaged"],
    ["labels missing", (folder) => {
      Deno.removeSync(`${folder}/fashion-mnist/train/labels.idx`);
    }, "labels.idx"],
    ["empty manifest", damage("manifest.json", () => new Uint8Array()), "delete its folder"],
    ["null manifest", damage("manifest.json", () => new TextEncoder().encode("null")), "damaged"],
  ];
  for (const [name, harm, why] of cases) {
    await t.step(name, async () => {
      using folder = temporaryFolder();
      await storeSplit(known, "train", folder.path, entry);
      harm(folder.path);
      await assertRejects(() => loadCached(known, "train", folder.path), Error, why);
    });
  }
});

Deno.test("a process that died while storing leaves nothing that is trusted", async () => {
  using folder = temporaryFolder();
  await storeSplit(known, "train", folder.path, entry);
  Deno.renameSync(
    `${folder.path}/fashion-mnist/train`,
    `${folder.path}/fashion-mnist/train-1.unfinished`,
  );
  assertEquals(await readManifest(known, "train", folder.path), undefined);
  assertEquals(await loadCached(known, "train", folder.path), undefined);
});

Deno.test("a cache that cannot be written gives one line and leaves nothing", async () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/file`, "");
  const error = await assertRejects(
    () => storeSplit(known, "train", `${folder.path}/file`, entry),
    Error,
    `Cannot store fashion-mnist in ${folder.path}/file: `,
  );
  assertEquals(error.message.includes("\n"), false);
  assertEquals(filesUnder(folder.path), [`${folder.path}/file`]);
});

Deno.test("a failure half-way through leaves nothing, and what was there before stays", async () => {
  using folder = temporaryFolder();
  await storeSplit(known, "train", folder.path, entry);
  const before = filesUnder(folder.path);
  const broken = { ...entry, images: [entry.images[0]!, undefined as unknown as Uint8Array] };
  await assertRejects(() => storeSplit(known, "train", folder.path, broken), Error, "Cannot store");
  assertEquals(filesUnder(folder.path), before);
  assertEquals((await loadCached(known, "train", folder.path))!.count, 3);
});

Deno.test("the cache folder is the given one, else MDDES_DATA, else the platform's", () => {
  withEnvironment({ MDDES_DATA: "/data", HOME: "/home/me" }, () => {
    assertEquals(cacheDirectory("/given"), "/given");
    assertEquals(cacheDirectory(), "/data");
  });
  withEnvironment({ HOME: "/home/me", LOCALAPPDATA: "/local" }, () => {
    assertNotEquals(cacheDirectory(), "/data");
    assertEquals(cacheDirectory().endsWith("/mddes"), true);
  });
  withEnvironment({}, () => {
    assertEquals(cacheDirectory("/given"), "/given");
    assertThrows(
      () => cacheDirectory(),
      Error,
      "expected MDDES_DATA or the home folder's variable",
    );
  });
});
