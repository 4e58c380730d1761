/**
 * The pictures of figure 2: images with their disturbed pixels, and where networks look.
 *
 * @module
 */
import { compileDisturbance, type Disturbance, type Split } from "../../datasets/mod.ts";
import { type AttentionMaps, upsample } from "./attention.ts";
import { setName } from "../experiment.ts";
import { figureId } from "../findings.ts";
import { imagePng } from "../picture.ts";
import type { Figure } from "../report/figure.ts";
import { type Panel, panelFigure } from "../report/panel_figure.ts";

const WIDTH = 960;

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
      title: applied ? "disturbed" : title,
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
    width: WIDTH,
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

/** Mean maps of each class: of the network that was trained on clean images, and of the other. */
export function attentionFigure(
  clean: AttentionMaps,
  mddes: AttentionMaps,
  split: Split<"test">,
  disturbance: Disturbance,
  dataset: string,
): Figure {
  const [, height, width] = split.shape;
  const shown = [{ name: "clean", maps: clean }, { name: "disturbed", maps: mddes }];
  const grids = shown.flatMap(({ name, maps }) =>
    maps.classes.map(({ map }, label) => {
      const { values } = upsample({ shape: maps.shape, values: map }, [height, width]);
      const rows = Array.from(
        { length: height },
        (_, row) => Array.from({ length: width }, (_, column) => values[row * width + column]!),
      );
      return { name, label, rows };
    })
  );
  const highest = Math.max(...grids.flatMap(({ rows }) => rows.flat()));
  return panelFigure({
    id: figureId("figure2-attention", dataset),
    title: `Where networks look on ${setName(dataset)}`,
    description: "Mean Grad-CAM maps of clean test images of each class, for the network of the " +
      "first repeat that was trained on clean images above, and for the one that was trained on " +
      "disturbed images below. Frames mark the pixels that were disturbed in training.",
    panels: grids.map(({ name, label, rows }) => ({
      title: name === "clean" ? split.classNames[label]! : "disturbed",
      image: { values: rows },
      marks: name === "clean" ? [] : disturbance.classes[label]!,
    })),
    across: split.classNames.length,
    scale: { label: "attention", domain: [0, highest || 1] },
    width: WIDTH,
    rows: grids.flatMap(({ name, label, rows }) =>
      rows.flatMap((values, row) =>
        values.map((attention, column) => ({
          trained_on: name,
          class: split.classNames[label]!,
          row,
          column,
          attention,
        }))
      )
    ),
  });
}
