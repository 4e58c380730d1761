/**
 * What a disturbance does to images.
 *
 * @module
 */
import {
  allIndices,
  compileDisturbance,
  type Disturbance,
  type Split,
} from "../../datasets/mod.ts";
import { imagePng } from "./disturbance_picture.ts";
import type { Figure } from "./figure.ts";
import { type Panel, panelFigure } from "./panel_figure.ts";

/** Classes side by side. */
const ACROSS = 5;

/**
 * Draw the first training image of each class, clean and disturbed.
 *
 * @param disturbance One for the classes of the images.
 */
export function disturbanceFigure(
  images: Split<"train">,
  disturbance: Disturbance,
  { id, title }: { readonly id: string; readonly title: string },
): Figure {
  const compiled = compileDisturbance(disturbance);
  const order = allIndices(images);
  const [, rows, columns] = images.shape;
  const pairs = images.classNames.map((name, label): [Panel, Panel] => {
    const index = order[images.labels.indexOf(label)]!;
    const size = { rows, columns };
    return [
      { title: name, image: { png: imagePng(images, index, undefined), ...size } },
      {
        image: { png: imagePng(images, index, compiled), ...size },
        marks: disturbance.classes[label]!,
      },
    ];
  });
  const across = Math.min(ACROSS, pairs.length);
  const panels: Panel[] = [];
  for (let first = 0; first < pairs.length; first += across) {
    const some = pairs.slice(first, first + across);
    panels.push(...some.map(([clean]) => clean), ...some.map(([, disturbed]) => disturbed));
  }
  return panelFigure({
    id,
    title,
    description: "The first training image of each class, clean, and below it disturbed. Frames " +
      "mark the disturbed pixels; the table lists them.",
    panels,
    across,
    rows: disturbance.classes.flatMap((pixels, label) =>
      pixels.map(({ row, column, value }, pixel) => ({
        class: images.classNames[label]!,
        pixel,
        row,
        column,
        ...Object.fromEntries(value.map((one, channel) => [`value_${channel}`, one])),
      }))
    ),
  });
}
