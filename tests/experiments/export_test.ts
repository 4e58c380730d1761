import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { search } from "../../mod.ts";
import { eightBitImages } from "../../datasets/disturbance/eight_bit.ts";
import {
  allIndices,
  checkDisturbance,
  compileDisturbance,
  type Disturbance,
  fillBatch,
  KNOWN_DATASETS,
  loadTest,
  loadTrain,
} from "../../datasets/mod.ts";
import { main as evaluate } from "../../experiments/evaluate.ts";
import { main } from "../../experiments/export.ts";
import { exitCodeOf } from "../../experiments/terminal/command.ts";
import { brief, noise, writeImages } from "../actors/image_folder.ts";
import { filesUnder, temporaryFolder } from "../datasets/small_set.ts";
import { readNpz } from "./export/read_npz.ts";

/** A hand-written disturbance of the images of `writeImages`. */
const own: Disturbance = {
  mode: "add",
  shape: [1, 16, 16],
  classes: [[{ row: 0, column: 3, value: [0.333] }], [{ row: 15, column: 15, value: [-0.9] }]],
};

/** A folder with images in `insects` and a disturbance of them in `own.json`. */
function workplace() {
  const folder = temporaryFolder();
  const [dataset, file] = [`${folder.path}/insects`, `${folder.path}/own.json`];
  writeImages(dataset);
  Deno.writeTextFileSync(file, JSON.stringify(own));
  return {
    ...folder,
    dataset,
    file,
    flags: ["--disturbance", file, "--dataset", dataset],
    names: () => [...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(),
  };
}

/** Run a command here, with what it prints. */
async function run(
  command: typeof main,
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<{ code: number; text: string }> {
  let text = "";
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => text += `${words.join(" ")}\n`;
  try {
    return { code: await exitCodeOf(() => command(args, signal)), text };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("a .npz file has the images that networks are trained on, rounded, and clean test images", async () => {
  using place = workplace();
  const out = `${place.path}/out/insects.npz`;
  const { code, text } = await run(main, [...place.flags, "--out", out]);
  assertEquals(code, 0, text);
  const [train, test] = [await loadTrain(place.dataset), await loadTest(place.dataset)];
  const trainedOn = new Float32Array(40 * 256);
  const labels = new Uint8Array(40);
  fillBatch({
    ...{ split: train, indices: allIndices(train), start: 0, count: 40 },
    disturbance: compileDisturbance(own),
    images: trainedOn,
    labels,
  });
  assertEquals(readNpz(out), {
    x_train: { shape: [40, 16, 16], bytes: Uint8Array.from(trainedOn, (x) => Math.round(255 * x)) },
    y_train: { shape: [40], bytes: labels },
    x_test: { shape: [10, 16, 16], bytes: Uint8Array.from(test.images) },
    y_test: { shape: [10], bytes: Uint8Array.from(test.labels) },
  });
  assertEquals(JSON.parse(Deno.readTextFileSync(`${place.path}/out/insects.json`)), own);
  assertEquals([...Deno.readDirSync(`${place.path}/out`)].length, 3);

  const again = `${place.path}/again.npz`;
  await run(main, [
    "--disturbance",
    `${place.path}/out/insects.json`,
    ...place.flags.slice(2),
    "--out",
    again,
  ]);
  assertEquals(Deno.readFileSync(again), Deno.readFileSync(out));
});

Deno.test("a folder of PNG files is read again as a dataset, with the same bytes and labels", async () => {
  using place = workplace();
  const out = `${place.path}/poisoned.v1`;
  const { code, text } = await run(main, [...place.flags, "--out", `${out}/`]);
  assertEquals(code, 0, text);
  const [train, test] = [await loadTrain(place.dataset), await loadTest(place.dataset)];
  const again = { train: await loadTrain(out), test: await loadTest(out) };
  const disturbance = compileDisturbance(own);
  for (const [split, written] of [[train, again.train], [test, again.test]] as const) {
    assertEquals(written.classNames, split.classNames);
    assertEquals(written.labels, split.labels);
    const expected = split.split === "train"
      ? eightBitImages({ split, start: 0, count: split.count, disturbance })
      : Uint8Array.from(split.images);
    assertEquals(Uint8Array.from(written.images), expected);
  }
  const files = filesUnder(out).map((path) => path.slice(out.length + 1));
  assertEquals(files.filter((name) => !name.endsWith(".png")), ["README.md", "disturbance.json"]);
  assert(files.includes("train/ant/00000.png") && files.includes("test/bee/00009.png"), `${files}`);
});

Deno.test("the card of a run says what it is, where it is from and what was measured, and no path", async () => {
  using place = workplace();
  const [directory, out] = [`${place.path}/searched`, `${place.path}/a.npz`];
  {
    await using begun = search({ ...brief, dataset: place.dataset, directory, seed: 23 });
    await begun.result;
  }
  const first = await run(main, ["--run", directory, "--out", out]);
  assertEquals(first.code, 0, first.text);
  const card = Deno.readTextFileSync(`${place.path}/a.md`);
  for (
    const words of [
      "# insects with disturbed training images",
      "**These images are poisoned on purpose.**",
      "folder insects, 40 training images, 2 classes",
      "which mddes does not know; write it here",
      "of the search searched (",
      "with seed 23: 1 generation, 1 pixel for each class, graynet trained for 1 epoch on 20 images",
      "Labels: 0 ant, 1 bee.",
      "1 pixel for each of 2 classes",
      "## What was measured\n\nNothing.",
      'np.load("a.npz")',
      "mddes evaluate --disturbance a.json --dataset insects",
    ]
  ) assertStringIncludes(card, words);
  assert(!card.includes(place.path), card);

  const flags = ["--train-size", "20", "--batch-size", "10", "--epochs", "1", "--devices", "cpu"];
  const tested = await run(evaluate, ["--run", directory, ...flags, "--repeats", "2"]);
  assertEquals(tested.code, 0, tested.text);
  await run(main, ["--run", directory, "--out", `${place.path}/b`]);
  const measured = Deno.readTextFileSync(`${place.path}/b/README.md`);
  assertMatch(measured, /^\| graynet-adam-\S+ \| mddes \| \d+\.\d \| \d+\.\d \| \d+\.\d \| 2 \|$/m);
  assertStringIncludes(measured, 'ImageFolder("b/train", Compose([Grayscale(), ToTensor()]))');

  const name = "evaluation-graynet-adam-train-size-20-batch-size-10-epochs-1-repeats-2.csv";
  const tests = Deno.readTextFileSync(`${directory}/${name}`);
  Deno.writeTextFileSync(`${directory}/${name}`, tests.replaceAll(/^mddes,\d+,/gm, "mddes,7,"));
  await run(main, ["--run", directory, "--out", `${place.path}/d`]);
  const later = Deno.readTextFileSync(`${place.path}/d/README.md`);
  assertStringIncludes(later, "## What was measured\n\nNothing.");

  Deno.writeFileSync(`${place.dataset}/train/ant/0.png`, noise(99));
  const changed = await run(main, ["--run", directory, "--out", `${place.path}/c`]);
  assertEquals(changed.code, 2);
  assertStringIncludes(changed.text, "are not those that it was begun with");
});

Deno.test("the card quotes names with spaces and the like, so that what it shows can be typed", async () => {
  using place = workplace();
  const dataset = `${place.path}/$& bugs`;
  Deno.renameSync(place.dataset, dataset);
  const flags = ["--disturbance", place.file, "--dataset", dataset];
  const cardOf = async (out: string, card: string) => {
    const { code, text } = await run(main, [...flags, "--out", `${place.path}/${out}`]);
    assertEquals(code, 0, text);
    return Deno.readTextFileSync(`${place.path}/${card}`);
  };
  const file = await cardOf(`a "b" c.npz`, `a "b" c.md`);
  assertStringIncludes(file, String.raw`np.load("a \"b\" c.npz")`);
  assertStringIncludes(file, `--disturbance 'a "b" c.json' --dataset '$& bugs'`);
  assertStringIncludes(file, "folder $& bugs, 40 training images");
  const folder = await cardOf("a b", "a b/README.md");
  assertStringIncludes(folder, `--disturbance 'a b/disturbance.json' --dataset 'a b' --methods`);
});

Deno.test("what cannot be used is refused in one line, and nothing is written", async () => {
  using place = workplace();
  const { path, dataset, file } = place;
  const bad = `${path}/bad.json`;
  Deno.writeTextFileSync(bad, JSON.stringify({ ...own, classes: [[], []] }).replace("add", "sum"));
  const three = `${path}/three.json`;
  Deno.writeTextFileSync(three, JSON.stringify({ ...own, classes: [[], [], []] }));
  const text = `${path}/text.json`;
  Deno.writeTextFileSync(text, "one\ntwo");
  Deno.writeTextFileSync(`${path}/a.md`, "mine");
  Deno.mkdirSync(`${path}/b`);
  const before = place.names();
  const from = (source: string) => ["--disturbance", source, "--dataset", dataset];
  const cases: [string[], string][] = [
    [[...place.flags], "Option --out is missing"],
    [[...place.flags, "--out", `${path}/a.npz`], `Cannot write ${path}/a.md: it exists already`],
    [[...place.flags, "--out", `${path}/b/`], `Cannot write ${path}/b: it exists already`],
    [[...place.flags, "--out", `${path}/c.zip`], `received ${path}/c.zip; a folder with a dot`],
    [[...place.flags, "--out", `${file}/c.npz`], `Cannot write ${file}/c.json: `],
    [["--out", `${path}/c`], "Expected either --run or --disturbance, received neither"],
    [[...place.flags, "--run", path, "--out", `${path}/c`], "received both"],
    [["--run", path, "--out", `${path}/c`], "expected the folder of a run"],
    [["--disturbance", file, "--out", `${path}/c`], "Option --dataset is missing"],
    [[...from(`${path}/none.json`), "--out", `${path}/c`], "none.json: No such file or directory"],
    [[...from(path), "--out", `${path}/c`], `Cannot read ${path}: Is a directory`],
    [[...from(text), "--out", `${path}/c`], `Cannot read ${text}: Unexpected token`],
    [
      [...from(bad), "--out", `${path}/c`],
      `in ${bad}: mode must be add or replace, received "sum"`,
    ],
    [
      [...from(three), "--out", `${path}/c`],
      `1 x 16 x 16 in 3 classes, as the disturbance, received ${dataset} with 1 x 16 x 16 in 2`,
    ],
    [
      ["--disturbance", file, "--dataset", "mnist", "--out", `${path}/c`],
      "received mnist with 1 x",
    ],
  ];
  for (const [args, why] of cases) {
    const { code, text } = await run(main, args);
    assertEquals(code, 2, text);
    assertMatch(text, /^error: [^\n]+\n$/);
    assertStringIncludes(text, why);
    assertEquals(place.names(), before);
  }
});

Deno.test("Ctrl-C leaves nothing behind, and says how to begin again", async () => {
  using place = workplace();
  const before = place.names();
  for (const out of [`${place.path}/a.npz`, `${place.path}/a`]) {
    const args = [...place.flags, "--out", out];
    const { code, text } = await run(main, args, AbortSignal.abort());
    assertEquals(code, 130);
    assertEquals(
      text,
      `Stopped; nothing was written. To begin again: deno task export ${args.join(" ")}\n`,
    );
    assertEquals(place.names(), before);
  }
});

Deno.test("the task has the permissions that an export needs", async () => {
  using place = workplace();
  const root = new URL("../../", import.meta.url);
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const [, ...words] = tasks.export.command.split(" ");
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...words.slice(1), ...place.flags, "--out", `${place.path}/a`],
    cwd: root,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertStringIncludes(Deno.readTextFileSync(`${place.path}/a/README.md`), "from own.json");
});

Deno.test("evaluate takes a disturbance of one's own, or that of a best.json, for images that are named", async () => {
  using place = workplace();
  const best = `${place.path}/best.json`;
  const [pixel] = own.classes[0]!;
  const twice = { ...own, classes: [[pixel, pixel], []] };
  Deno.writeTextFileSync(best, JSON.stringify({ generation: 1, disturbance: twice }));
  const flags = ["--batch-size", "10", "--epochs", "1", "--devices", "cpu", "--repeats", "1"];
  const { code, text } = await run(evaluate, [...place.flags, ...flags, "--methods", "own,clean"]);
  assertEquals(code, 0, text);
  assertMatch(text, /^clean .*\nown /m);
  assertStringIncludes(
    text,
    `Every network: ${place.path}/own-evaluation-insects-graynet-adam-methods-own+clean-` +
      "batch-size-10-epochs-1-repeats-1.csv\n",
  );

  const summed = await run(evaluate, ["--disturbance", best, ...place.flags.slice(2), ...flags]);
  assertEquals(summed.code, 0, summed.text);
  assert(
    summed.text.startsWith(
      `${best}: class 0 has 2 pixels at row 0, column 3; their values are added up\n`,
    ),
    summed.text,
  );
  assert(
    place.names().includes(
      "best-evaluation-insects-graynet-adam-batch-size-10-epochs-1-repeats-1.csv",
    ),
  );

  const wrong = await run(evaluate, [...place.flags, "--methods", "mddes"]);
  assertEquals(wrong, {
    code: 2,
    text:
      "error: Option --methods must be a list of clean, uniform, leftmost, ops, ops-N and own, " +
      'received "mddes"\n',
  });
});

Deno.test("the example of a disturbance is one for MNIST, and the one in the documentation is a disturbance", async () => {
  using folder = temporaryFolder();
  const read = (path: string) => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
  const [, shown] = /```json\n(.*?)```/s.exec(read("docs/export.md"))!;
  const file = `${folder.path}/shown.json`;
  Deno.writeTextFileSync(file, shown!);
  writeImages(`${folder.path}/insects`);
  const args = ["--disturbance", file, "--dataset", `${folder.path}/insects`];
  const { code, text } = await run(main, [...args, "--out", `${folder.path}/a.npz`]);
  assertEquals(code, 0, text);
  const example: Disturbance = JSON.parse(read("examples/top_row.json"));
  const { shape, classNames } = KNOWN_DATASETS.mnist;
  assertEquals<unknown>(checkDisturbance(example), example);
  assertEquals({ shape: example.shape, classes: example.classes.length }, {
    shape,
    classes: classNames.length,
  });
});
