/**
 * A picture of a disturbance: for each class an image without and with it, the pixels marked.
 *
 * @module
 */
import { encode } from "fast-png";
import {
  allIndices,
  type CompiledDisturbance,
  compileDisturbance,
  type Disturbance,
  type Split,
} from "../../datasets/mod.ts";
import { eightBitImages } from "../../datasets/disturbance/eight_bit.ts";

/** Side of a pixel of an image, in units of the picture. */
const SCALE = 4;
const GAP = 12;
const LABEL_HEIGHT = 22;

/**
 * Draw an SVG that needs no other file.
 *
 * @param split Where the images come from; the first of each class is shown.
 * @param disturbance One for the classes of the split.
 * @param title Shown above the images.
 */
export function disturbancePicture(
  split: Split,
  disturbance: Disturbance,
  title: string,
): string {
  const [, height, width] = split.shape;
  const cell = { width: width * SCALE, height: height * SCALE };
  const compiled = compileDisturbance(disturbance);
  const order = allIndices(split);
  const columns = split.classNames.map((name, label) => {
    const index = order[split.labels.indexOf(label)]!;
    const x = GAP + label * (cell.width + GAP);
    const top = 3 * LABEL_HEIGHT;
    const bottom = top + cell.height + GAP;
    const marks = disturbance.classes[label]!.map(({ row, column }) =>
      `<rect x="${x + column * SCALE - 2}" y="${bottom + row * SCALE - 2}" ` +
      `width="${SCALE + 4}" height="${SCALE + 4}" class="mark"/>`
    );
    return [
      `<text x="${x + cell.width / 2}" y="${top - 8}" class="label">${escape(name)}</text>`,
      image(split, index, undefined, x, top, cell),
      image(split, index, compiled, x, bottom, cell),
      ...marks,
    ].join("\n");
  });
  const pictureWidth = GAP + split.classNames.length * (cell.width + GAP);
  const pictureHeight = 3 * LABEL_HEIGHT + 2 * (cell.height + GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureWidth} ${pictureHeight}" ` +
    `width="${pictureWidth}" height="${pictureHeight}" role="img">`,
    `<title>${escape(title)}</title>`,
    "<style>text{font:15px sans-serif;fill:#222}.label{text-anchor:middle}" +
    "image{image-rendering:pixelated}.mark{fill:none;stroke:#e6007e;stroke-width:2}</style>",
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${GAP}" y="${LABEL_HEIGHT}">${escape(title)}</text>`,
    ...columns,
    "</svg>",
    "",
  ].join("\n");
}

function image(
  split: Split,
  index: number,
  disturbance: CompiledDisturbance | undefined,
  x: number,
  y: number,
  cell: { readonly width: number; readonly height: number },
): string {
  const png = imagePng(split, index, disturbance).toBase64();
  return `<image x="${x}" y="${y}" width="${cell.width}" height="${cell.height}" ` +
    `href="data:image/png;base64,${png}"/>`;
}

/** One image as PNG, clean or disturbed. */
export function imagePng(
  split: Split,
  index: number,
  disturbance: CompiledDisturbance | undefined,
): Uint8Array {
  const [channels, height, width] = split.shape;
  const data = eightBitImages({ split, start: index, count: 1, disturbance });
  return encode({ width, height, channels: channels as 1 | 3, data });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
