import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { noDisturbance, syntheticSplit } from "../../datasets/mod.ts";
import { type AttentionMaps, shareOn, upsample } from "../../experiments/figure2/attention.ts";
import { VIEWS } from "../../experiments/figure2/measurements.ts";
import { attentionFigure } from "../../experiments/figure2/pictures.ts";
import { textWidth } from "../../report/figures/svg.ts";

Deno.test("a grid is brought to twice its size bilinearly", () => {
  const { values } = upsample({ shape: [2, 2], values: [0, 4, 8, 12] }, [4, 4]);
  assertEquals([...Array.from(values)], [
    ...[0, 1, 3, 4],
    ...[2, 3, 5, 6],
    ...[6, 7, 9, 10],
    ...[8, 9, 11, 12],
  ]);
});

Deno.test("the same size changes nothing, and one value fills everything", () => {
  const grid = { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] } as const;
  assertEquals([...Array.from(upsample(grid, [2, 3]).values)], [1, 2, 3, 4, 5, 6]);
  const flat = upsample({ shape: [1, 1], values: [5] }, [3, 2]);
  assertEquals([...Array.from(flat.values)], [5, 5, 5, 5, 5, 5]);
});

Deno.test("the share of a map on chosen pixels", () => {
  const map = { shape: [2, 2], values: [1, 2, 3, 4] } as const;
  assertAlmostEquals(shareOn(map, [true, false, false, true])!, 0.5);
  assertEquals(shareOn(map, [false, false, false, false]), 0);
  assertEquals(shareOn({ shape: [1, 2], values: [0, 0] }, [true, false]), undefined);
});

Deno.test("a figure of two classes has room for its colour bar", () => {
  const shape = [1, 8, 8] as const;
  const split = syntheticSplit("test", { count: 2, shape });
  const own = { images: 1, empty: 0, onBackground: null, background: null };
  const two = { ...split, classNames: split.classNames.slice(0, 2) };
  const classes = two.classNames.map(() => ({ ...own, map: [1, 0, 0, 1] }));
  const maps: AttentionMaps = { type: "GradCamMaps", shape: [2, 2], classes };
  const { svg } = attentionFigure(
    new Map(VIEWS.map((view) => [view, maps])),
    two,
    noDisturbance({ classes: 2, pixels: 1, shape }),
    "two",
  );
  const [, left, text] = svg.match(/<text x="([\d.]+)"[^>]*>([^<]*attention)</)!;
  const [, width] = svg.match(/viewBox="0 0 (\d+)/)!;
  assert(Number(left) + textWidth(text!) < Number(width), `${left}, ${width}`);
});

Deno.test("maps of as many pixels as large images of many classes have are drawn", () => {
  const shape = [1, 80, 80] as const;
  const split = syntheticSplit("test", { count: 10, shape });
  const own = { images: 1, empty: 0, onBackground: null, background: null };
  const classes = split.classNames.map((_, label) => ({ ...own, map: [label / 9, 0, 0, 0] }));
  const maps: AttentionMaps = { type: "GradCamMaps", shape: [2, 2], classes };
  const { rows } = attentionFigure(
    new Map(VIEWS.map((view) => [view, maps])),
    split,
    noDisturbance({ classes: 10, pixels: 1, shape }),
    "large",
  );
  assertEquals(rows.length, 3 * 10 * 80 * 80);
});
