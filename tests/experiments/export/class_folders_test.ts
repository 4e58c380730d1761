import { assertEquals, assertRejects } from "@std/assert";
import { folderNames, writeClassFolders } from "../../../experiments/export/class_folders.ts";
import { compileDisturbance, KNOWN_DATASETS, noDisturbance } from "../../../datasets/mod.ts";
import { ConfigurationError } from "../../../options.ts";
import { smallSplit } from "../../datasets/small_split.ts";
import { temporaryFolder } from "../../datasets/small_set.ts";

Deno.test("folders have the names of the classes where these are in order, else numbers before them", () => {
  const numbers = Array.from({ length: 11 }, (_, label) => `${label}`);
  const cases: [readonly string[], readonly string[]][] = [
    [KNOWN_DATASETS.mnist.classNames, KNOWN_DATASETS.mnist.classNames],
    [KNOWN_DATASETS.cifar10.classNames, KNOWN_DATASETS.cifar10.classNames],
    [
      KNOWN_DATASETS["fashion-mnist"].classNames,
      [
        ...["0-T-shirt-top", "1-Trouser", "2-Pullover", "3-Dress", "4-Coat", "5-Sandal"],
        ...["6-Shirt", "7-Sneaker", "8-Bag", "9-Ankle boot"],
      ],
    ],
    [numbers, numbers.map((name) => `${name.padStart(2, "0")}-${name}`)],
    // Some file systems do not tell these apart.
    [["Ant", "ant"], ["0-Ant", "1-ant"]],
    [["..", "a:b"], ["0-", "1-a-b"]],
    [["a ", "b."], ["0-a", "1-b"]],
    [["größe", "über 1"], ["größe", "über 1"]],
  ];
  for (const [classNames, folders] of cases) {
    assertEquals(folderNames(classNames), folders);
    assertEquals(folders.toSorted(), folders);
  }
});

Deno.test("a class without training images is refused, as its folder would be missing", async () => {
  using folder = temporaryFolder();
  const train = smallSplit([0, 2], [1, 2, 3], () => 0, 3);
  const set = {
    train,
    test: { ...train, split: "test" as const },
    disturbance: compileDisturbance(noDisturbance({ classes: 3, pixels: 1, shape: train.shape })),
  };
  await assertRejects(
    () => writeClassFolders(folder.path, set, new AbortController().signal, () => {}),
    ConfigurationError,
    "without training images of 1 the classes would be numbered differently",
  );
  assertEquals([...Deno.readDirSync(folder.path)], []);
});
