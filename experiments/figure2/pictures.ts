/**
 * The pictures of figure 2: images with their disturbed pixels, and where networks look.
 *
 * @module
 */
import { compileDisturbance, type Disturbance, type Split } from "../../datasets/mod.ts";
import { upsample } from "./attention.ts";
import type { Attention } from "./measurements.ts";
import { setName } from "../study/experiment.ts";
import { figureId } from "../findings/findings.ts";
import { imagePng } from "../../report/figures/disturbance_picture.ts";
import type { Figure } from "../../report/figures/figure.ts";
import { type Panel, panelFigure } from "../../report/figures/panel_figure.ts";
import { FIGURE_WIDTH } from "../../report/figures/svg.ts";

/** Of a picture with a column for each class; its colour bar needs as much as any figure. */
function widthFor({ classNames }: Split): number {
  return Math.max(FIGURE_WIDTH, 96 * classNames.length);
}

/** The first training image of each class, clean and disturbed, with the pixels marked. */
export function imagesFigure(
  split: Split<"train">,
  disturbance: Disturbance,
  dataset: string,
): Figure {
  const [, rows, columns] = split.shape;
  const compiled = compileDisturbance(disturbance);
  const panels = [undefined, compiled].flatMap((applied) =>
    split.classNames.map((title, label): Panel => ({
      ...(applied ? {} : { title }),
      image: { png: imagePng(split, split.labels.indexOf(label), applied), rows, columns },
      marks: applied ? disturbance.classes[label]! : [],
    }))
  );
  return panelFigure({
    id: figureId("figure2-images", dataset),
    title: `Disturbed training images of ${setName(dataset)}`,
    description: "One training image of each class, clean above and with the disturbance of the " +
      "first repeat below. Frames mark the disturbed pixels.",
    panels,
    across: split.classNames.length,
    width: widthFor(split),
    rows: disturbance.classes.flatMap((pixels, label) =>
      pixels.map(({ row, column, value }, pixel) => ({
        class: split.classNames[label]!,
        pixel,
        row,
        column,
        value: value.join(" "),
      }))
    ),
  });
}

/** Mean maps of each class, a row for each view. */
export function attentionFigure(
  attention: Attention,
  split: Split<"test">,
  disturbance: Disturbance,
  dataset: string,
): Figure {
  const [, height, width] = split.shape;
  const grids = [...attention].flatMap(([view, { shape, classes }]) =>
    classes.map(({ map }, label) => {
      const { values } = upsample({ shape, values: map }, [height, width]);
      const rows = Array.from(
        { length: height },
        (_, row) => Array.from({ length: width }, (_, column) => values[row * width + column]!),
      );
      return { view, label, rows };
    })
  );
  const highest = grids.flatMap(({ rows }) => rows.flat())
    .reduce((most, value) => Math.max(most, value), 0);
  return panelFigure({
    id: figureId("figure2-attention", dataset),
    title: `Where networks look on ${setName(dataset)}`,
    description: "Mean Grad-CAM maps of test images of each class, for networks of the first " +
      "repeat. Above: trained on clean images, shown clean ones. Middle: trained on disturbed " +
      "images, shown clean ones. Below: the same network, shown disturbed ones. Frames mark the " +
      "pixels that were disturbed in training.",
    panels: grids.map(({ view: { trainedOn }, label, rows }) => ({
      ...(trainedOn === "clean" ? { title: split.classNames[label]! } : {}),
      image: { values: rows },
      marks: trainedOn === "clean" ? [] : disturbance.classes[label]!,
    })),
    across: split.classNames.length,
    scale: { label: "attention", domain: [0, highest || 1] },
    width: widthFor(split),
    rows: grids.flatMap(({ view, label, rows }) =>
      rows.flatMap((values, row) =>
        values.map((attention, column) => ({
          trained_on: view.trainedOn,
          shown: view.shown,
          class: split.classNames[label]!,
          row,
          column,
          attention,
        }))
      )
    ),
  });
}
