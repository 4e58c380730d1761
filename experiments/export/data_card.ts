/**
 * The data card of an export: what it is, where it comes from, what was measured, and how to load it.
 *
 * @module
 */
import { eightBitError } from "../../datasets/disturbance/eight_bit.ts";
import { type Disturbance, isKnownName, KNOWN_DATASETS, type Split } from "../../datasets/mod.ts";
import { percent, significant } from "../../report/numbers.ts";
import type { TestResult } from "../run_report/read_tests.ts";
import { setName } from "../study/experiment.ts";
import type { Data } from "../study/data.ts";
import type { DisturbedSet } from "./disturbed_set.ts";
import { loadingText } from "./loading_text.ts";
import type { Target } from "./target.ts";

/** What a card tells. */
export interface CardContent {
  readonly target: Target;
  readonly set: DisturbedSet;
  readonly sha256: Data["sha256"];
  readonly disturbance: Disturbance;
  /** Where the disturbance comes from, in sentences. */
  readonly origin: string;
  /** What was tested with it, if anything. */
  readonly tests: readonly TestResult[];
}

/** The card as Markdown. It has no date and no path of this machine. */
export function dataCard(content: CardContent): string {
  const { target, set, sha256, disturbance, origin, tests } = content;
  const { train, test } = set;
  const title = titleOf(train);
  const [channels, height, width] = train.shape;
  const error = eightBitError(set.disturbance);
  return `# ${title} with disturbed training images

**These images are poisoned on purpose.** A few pixels of each training image were changed so that
they give its class away. What is trained on them tends to learn these pixels, and to fail on clean
images. They are for research on generalisation: train nothing with them that is to be used, and
keep them apart from clean data.

## What is in it

| half  | images | pixels |
| ----- | ------ | ------ |
| train | ${number(train.count)} | disturbed |
| test  | ${number(test.count)} | clean |

Images of ${height} x ${width}, ${
    channels === 1 ? "grey" : `${channels} channels`
  }, 8 bits, in the order of the originals. Labels: ${labelsText(train)}.
${missingText(set)}
## Where it comes from

- Images: ${sourceOf(train)}; ${sourceOf(test)}.
- Licence of the images, which holds for the changed ones, too: ${licenceOf(train)}
- SHA-256 of the clean images, as mddes computes it: training ${sha256.train}, test ${sha256.test}.
- Disturbance: ${origin}

## The disturbance

${pixelsText(disturbance)} Rows and columns count from 0 at the top
left; values are shares of the range from black to white. \`${target.disturbance}\` has the exact
numbers.

| class | row, column: value |
| ----- | ------------------ |
${disturbance.classes.map((pixels, label) => pixelRow(train.classNames[label]!, pixels)).join("\n")}

In the 8-bit images each value is rounded to the nearest 255th: ${
    error === 0
      ? "here nothing is lost."
      : `a disturbed pixel is off by at most ${significant(error, 2)}, all others are exact.`
  }

## What was measured

${measuredText(tests)}

## How to load it

${loadingText(target, set)}`;
}

function titleOf({ dataset }: Split): string {
  return isKnownName(dataset) ? KNOWN_DATASETS[dataset].title : setName(dataset);
}

/** Without the path to a folder, which is nobody else's business. */
function sourceOf({ dataset, source }: Split): string {
  return source.replace(dataset, () => setName(dataset));
}

function licenceOf({ dataset }: Split): string {
  if (isKnownName(dataset)) {
    const { licence, homepage } = KNOWN_DATASETS[dataset];
    return `${licence}; see ${homepage}.`;
  }
  return dataset === "synthetic"
    ? "none, they were generated."
    : "that of the images in the folder, which mddes does not know; write it here.";
}

function labelsText({ classNames }: Split): string {
  if (classNames.every((name, label) => name === `${label}`)) {
    return `0 to ${classNames.length - 1}`;
  }
  return classNames.map((name, label) => `${label} ${escaped(name)}`).join(", ");
}

function missingText({ train, test }: DisturbedSet): string {
  const missing = train.classNames.filter((_, label) => !test.labels.includes(label));
  return missing.length === 0 ? "" : `
There are no test images of ${missing.map(escaped).join(", ")}: whoever numbers the classes of the
test half by its folders numbers them wrongly.
`;
}

function pixelsText({ mode, classes }: Disturbance): string {
  const counts = classes.map((pixels) => pixels.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const pixels = least < most ? `${least} to ${most} pixels` : counted(most, "pixel");
  const change = mode === "add"
    ? "The value is added to the pixel, and the sum is clipped to [0, 1]."
    : "The value takes the place of the pixel, clipped to [0, 1].";
  return `${pixels} for each of ${classes.length} classes, the same in all its training images. ` +
    change;
}

function pixelRow(name: string, pixels: Disturbance["classes"][number]): string {
  const cells = pixels.map(({ row, column, value }) =>
    `${row}, ${column}: ${value.map((one) => one.toFixed(3)).join(" ")}`
  );
  return `| ${escaped(name)} | ${cells.join("; ") || "none"} |`;
}

function measuredText(tests: readonly TestResult[]): string {
  if (tests.length === 0) return "Nothing.";
  const cell = (value: number | null) => value === null ? "" : percent(value / 100);
  const rows = tests.map(({ what, method, mean, deviation, perturbed, networks }) =>
    `| ${what} | ${method} | ${cell(mean)} | ${cell(deviation)} | ${
      cell(perturbed)
    } | ${networks} |`
  );
  return `Accuracy in per cent, mean and standard deviation over networks that mddes trained, with the
disturbance as it was found (\`mddes\`), without it (\`clean\`) and with others; on the images of the
search, or of the set that stands before the network.

| network and optimizer | trained on | clean test images | deviation | training images | networks |
| --------------------- | ---------- | ----------------- | --------- | --------------- | -------- |
${rows.join("\n")}`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}

/** `1 pixel`, `2 pixels`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A name as it is, whatever Markdown makes of its characters. */
function escaped(name: string): string {
  return name.replace(/[\\|*_<>[\]\`#]/g, "\\$&");
}
