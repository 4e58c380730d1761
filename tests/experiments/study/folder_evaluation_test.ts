import { assert, assertEquals, assertMatch } from "@std/assert";
import { encode } from "fast-png";
import { search } from "../../../mod.ts";
import { exitCodeOf } from "../../../experiments/terminal/command.ts";
import { main } from "../../../experiments/evaluate.ts";
import { watchSearch } from "../../../experiments/terminal/watch.ts";
import { writeFiles } from "../../datasets/png_folder.ts";
import { temporaryFolder } from "../../datasets/small_set.ts";
import { single } from "../../actors/small_search.ts";

const SIZE = 16;

/** Black with one white quarter: which, is the class. */
function quarter(label: number, image: number): Uint8Array {
  const [top, left] = [label >> 1, label % 2].map((side) => side * SIZE / 2);
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, place) => {
    const [row, column] = [Math.floor(place / SIZE) - top!, place % SIZE - left!];
    const inside = row >= 0 && row < SIZE / 2 && column >= 0 && column < SIZE / 2;
    return inside ? 200 + image : image;
  });
  return encode({ width: SIZE, height: SIZE, channels: 1, depth: 8, data });
}

/** What `work` prints, on both streams. */
async function printed(work: () => Promise<unknown>): Promise<{ out: string; error: string }> {
  const text = { out: "", error: "" };
  const { log, error } = console;
  console.log = (...words: unknown[]) => text.out += `${words.join(" ")}\n`;
  console.error = (...words: unknown[]) => text.error += `${words.join(" ")}\n`;
  try {
    await work();
    return text;
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("a class without test images is said, and takes no other's labels", async () => {
  using folder = temporaryFolder();
  const [dataset, directory] = [`${folder.path}/insects`, `${folder.path}/run`];
  for (const [label, name] of ["ant", "bee", "cat"].entries()) {
    for (let image = 0; image < 20; image++) {
      writeFiles(dataset, { [`train/${name}/${image}.png`]: quarter(label, image) });
      if (name !== "bee") {
        writeFiles(dataset, { [`test/${name}/${image}.png`]: quarter(label, image + 20) });
      }
    }
  }
  writeFiles(dataset, { "train/ant/1.jpg": new Uint8Array() });
  const passedOver = "Only PNG files in folders of classes are read; passed over in " +
    `${dataset}/train: 1 .jpg (ant/1.jpg)\n`;

  const searched = await printed(async () => {
    const options = { ...single, population: 2, generations: 1, finalists: 1 };
    await using run = search({ ...options, dataset, directory });
    await watchSearch(run);
  });
  assert(searched.error.startsWith(passedOver), searched.error);
  assertEquals(searched.error.split("passed over").length, 2);

  const evaluated = await printed(async () => {
    const code = await exitCodeOf(() =>
      main([
        ...["--run", directory, "--methods", "clean", "--devices", "cpu", "--repeats", "1"],
        ...["--batch-size", "20", "--epochs", "15", "--augmentation", "none"],
      ], new AbortController().signal)
    );
    assertEquals(code, 0);
  });
  assert(evaluated.error.startsWith(`${passedOver}${dataset} has no test images of bee\n`));
  assertMatch(evaluated.out, /^clean +100\.0/m);
});
