import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { decode } from "fast-png";
import { scaleOptions } from "../../report/figures/axis.ts";
import { barFigure } from "../../report/figures/bar_figure.ts";
import { paragraph, table } from "../../report/page/blocks.ts";
import { type Figure, writeFigure } from "../../report/figures/figure.ts";
import { heatMapFigure } from "../../report/figures/heat_map_figure.ts";
import { histogramFigure } from "../../report/figures/histogram_figure.ts";
import { lineFigure } from "../../report/figures/line_figure.ts";
import { reportPage } from "../../report/page/page.ts";
import { panelFigure } from "../../report/figures/panel_figure.ts";
import { timelineFigure } from "../../report/figures/timeline_figure.ts";
import { seriesOfRuns } from "../../experiments/run_report/run_series.ts";
import { writeReport } from "../../report/page/write_report.ts";
import { scratch } from "../experiments/reported_runs.ts";

const NASTY = `<script>"a" & 'b'</script>`;
const text = { id: "a-figure", title: NASTY, description: `What ${NASTY} shows.` };

/** One figure of each kind. */
const kinds: Readonly<Record<string, Figure>> = {
  lines: lineFigure({
    ...text,
    x: { column: "generation", integer: true },
    y: { column: "fitness" },
    series: [{ name: NASTY, points: [{ x: 0, y: 1, low: 0.5, high: 2 }, { x: 1, y: 3 }] }],
  }),
  bars: barFigure({
    ...text,
    category: "network",
    group: "method",
    value: { column: "accuracy" },
    bars: [
      { category: NASTY, group: "clean", value: 90, low: 88, high: 92 },
      { category: NASTY, group: NASTY, value: 40 },
    ],
  }),
  heatMap: heatMapFigure({
    ...text,
    row: "method",
    column: "network",
    value: { column: "accuracy" },
    cells: [{ row: NASTY, column: "a", value: 1 }, { row: "b", column: "a", value: 2 }],
  }),
  histogram: histogramFigure({ ...text, value: { column: "age" }, values: [0, 1, 1, 4], bins: 4 }),
  panels: panelFigure({
    ...text,
    panels: [{ title: NASTY, image: { values: [[0, 1], [0.5, 1], [0, 0]] } }],
    across: 1,
    scale: { label: NASTY, domain: [0, 1] },
    rows: [{ row: 0, column: 1, share: 1 }],
  }),
  timeline: timelineFigure({
    ...text,
    row: "slot",
    time: { column: "seconds" },
    bars: [
      { row: NASTY, kind: NASTY, name: "0/1", from: 0, to: 2.5 },
      { row: "b", kind: "score", name: NASTY, from: 1, to: 1 },
    ],
  }),
};

Deno.test("every kind of figure says in words what it shows, and escapes what it is given", () => {
  for (const [kind, { svg }] of Object.entries(kinds)) {
    assert(!svg.includes("<script"), kind);
    assertStringIncludes(svg, `role="img" aria-labelledby="a-figure-title"`);
    assertStringIncludes(svg, `<desc id="a-figure-text">What &#60;script&#62;`);
    assert(!/NaN|undefined|Infinity/.test(svg), kind);
  }
});

Deno.test("the rows of a figure are what was drawn", () => {
  assertEquals(kinds["lines"]!.rows, [
    { series: NASTY, generation: 0, fitness: 1, low: 0.5, high: 2 },
    { series: NASTY, generation: 1, fitness: 3, low: null, high: null },
  ]);
  assertEquals(kinds["timeline"]!.rows[0], {
    slot: NASTY,
    kind: NASTY,
    name: "0/1",
    seconds_from: 0,
    seconds_to: 2.5,
  });
  assertEquals(kinds["bars"]!.rows[1], {
    network: NASTY,
    method: NASTY,
    accuracy: 40,
    low: null,
    high: null,
  });
  assertEquals(kinds["heatMap"]!.rows[1], { method: "b", network: "a", accuracy: 2 });
  assertEquals(kinds["histogram"]!.rows.map(({ count }) => count), [1, 2, 0, 1]);
});

Deno.test("a grid of numbers becomes one pixel for each, from dark to bright", () => {
  const [, png] = /base64,([^"]+)"/.exec(kinds["panels"]!.svg)!;
  const { width, height, data } = decode(Uint8Array.fromBase64(png!));
  assertEquals([width, height], [2, 3]);
  const brightness = (pixel: number) => data[3 * pixel]! + data[3 * pixel + 1]!;
  assert(brightness(0) < brightness(2) && brightness(2) < brightness(1));
  assertEquals(brightness(1), brightness(3));
});

Deno.test("a single point, equal values and powers of ten have axes of their own", () => {
  const figure = (values: readonly number[], log: boolean) =>
    lineFigure({
      ...text,
      x: { column: "generation", integer: true },
      y: { column: "sigma", log },
      series: [{ name: "a", points: values.map((y, x) => ({ x, y })) }],
    }).svg;
  for (const values of [[3], [3, 3], [0], [1e-12, 1e9]]) {
    for (const log of [false, values[0]! > 0]) assert(!/NaN|Infinity/.test(figure(values, log)));
  }
  assertStringIncludes(figure([1e-12, 1e9], true), "1e-12");
  const ticks = (low: number, high: number, integer: boolean) => {
    const { ticks, tickFormat } = scaleOptions({ column: "x", integer }, [low, high], 5);
    return ticks.map(tickFormat);
  };
  assertEquals(ticks(0, 5, true), ["0", "1", "2", "3", "4", "5"]);
  assertEquals(ticks(0, 1000, true), ["0", "200", "400", "600", "800", "1,000"]);
  assertEquals(ticks(0, 1, true), ["0", "1"]);
  assertEquals(ticks(-0.012, 0.003, false), ["-0.015", "-0.010", "-0.005", "0.000", "0.005"]);
  assertEquals(ticks(0, 3e-5, false), ["0", "1e-5", "2e-5", "3e-5"]);
});

Deno.test("a figure is written as SVG and CSV, and not at all if a number is missing", () => {
  using folder = scratch();
  const directory = `${folder.path}/figures`;
  const figure = kinds["lines"]!;
  writeFigure(directory, figure);
  assertEquals(Deno.readTextFileSync(`${directory}/a-figure.svg`), figure.svg);
  const [first] = parse(Deno.readTextFileSync(`${directory}/a-figure.csv`), {
    skipFirstRow: true,
  });
  assertEquals(first, { series: NASTY, generation: "0", fitness: "1", low: "0.5", high: "2" });

  for (const rows of [[], [{ a: 1 }, { a: NaN }], [{ a: 1, b: 2 }, { a: 1 } as never]]) {
    assertThrows(() => writeFigure(directory, { ...figure, id: "other", rows }), RangeError);
  }
  assertThrows(() => lineFigure({ ...lineOptions, id: "../up" }), RangeError, `received "../up"`);
  assertEquals([...Deno.readDirSync(directory)].length, 2);
});

const lineOptions = {
  ...text,
  x: { column: "x" },
  y: { column: "y" },
  series: [{ name: "a", points: [{ x: 0, y: 1 }] }],
};

Deno.test("runs are compared by their median, as far as all of them go", () => {
  const line = (name: string, ...values: number[]) => ({
    name,
    points: values.map((y, x) => ({ x, y })),
  });
  assertEquals(seriesOfRuns([line("a", 1, 2)]).map(({ name }) => name), ["a"]);
  const [median, ...runs] = seriesOfRuns([line("a", 1, 2, 3), line("b", 3, 8), line("c", 9, 4)]);
  assertEquals(median!.points, [{ x: 0, y: 3 }, { x: 1, y: 4 }]);
  assertEquals(runs.map(({ style }) => style), [undefined, undefined, undefined]);
  const many = seriesOfRuns(Array.from({ length: 9 }, (_, index) => line(`${index}`, index)));
  assertEquals(new Set(many.slice(1).map(({ legend }) => legend)), new Set(["each run"]));
});

Deno.test("a page escapes text, names its tables, and refuses two figures with one name", () => {
  using folder = scratch();
  const content = [
    paragraph(NASTY),
    table({ caption: NASTY, columns: [NASTY, "number"], rows: [[NASTY, 1], ["b", null]] }),
  ];
  const html = reportPage({ title: NASTY, sections: [{ title: "Part & parcel", content }] }, "");
  assert(!html.includes("<script"));
  assert(/<th scope="col"\s+class="number">number<.th>/.test(html));
  assertStringIncludes(html, `<h2 id="part-parcel">Part &#38; parcel</h2>`);

  const figure = kinds["bars"]!;
  const twice = { title: "a", sections: [{ title: "b", content: [[figure], figure] }] };
  assertThrows(() => writeReport(`${folder.path}/a.html`, twice), RangeError, "two figures");
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("pages that lie side by side link to figures of their own", () => {
  using folder = scratch();
  const page = (title: string) => ({ title, sections: [{ title, content: [kinds["bars"]!] }] });
  for (const name of ["report", "a", "b #1"]) {
    writeReport(`${folder.path}/${name}.html`, page(name));
  }
  const linked = ["figures", "a-figures", "b%20%231-figures"];
  for (const [index, name] of ["report", "a", "b #1"].entries()) {
    const html = Deno.readTextFileSync(`${folder.path}/${name}.html`);
    const hrefs = [...html.matchAll(/href="([^"]*\.(?:svg|csv))"/g)].map(([, href]) => href!);
    assertEquals(hrefs.map((href) => href.replace(/\/.*/, "")), [linked[index]!, linked[index]!]);
    for (const href of hrefs) {
      assert(Deno.statSync(`${folder.path}/${decodeURIComponent(href)}`).isFile);
    }
  }
});

Deno.test("the largest and the smallest numbers are drawn where they are", () => {
  const huge = { ...text, id: "huge", title: "huge", description: "Huge." };
  const ends = [-1.7e308, 0, 1.7e308];
  const figures = [
    lineFigure({
      ...huge,
      x: { column: "x" },
      y: { column: "y" },
      series: [{ name: "one", points: ends.map((y, x) => ({ x, y, low: y, high: 1.7e308 })) }],
    }),
    lineFigure({
      ...huge,
      x: { column: "x" },
      y: { column: "y" },
      series: [{ name: "same", points: [{ x: 0, y: 1.7e308 }, { x: 1, y: Number.MAX_VALUE }] }],
    }),
    ...[5e-324, 1e-323, -5e-324].map((y) =>
      lineFigure({
        ...huge,
        x: { column: "x" },
        y: { column: "y" },
        series: [{ name: "tiny", points: [{ x: 0, y: 5e-324 }, { x: 1, y }] }],
      })
    ),
    ...[5e-324, Number.MAX_VALUE].map((y) =>
      lineFigure({
        ...huge,
        x: { column: "x" },
        y: { column: "y", log: true },
        series: [{ name: "same", points: [{ x: 0, y }, { x: 1, y }] }],
      })
    ),
    barFigure({
      ...huge,
      category: "c",
      group: "g",
      value: { column: "v" },
      bars: ends.map((value, i) => ({
        category: `${i}`,
        group: "a",
        value,
        low: value,
        high: value,
      })),
    }),
    heatMapFigure({
      ...huge,
      row: "r",
      column: "c",
      value: { column: "v" },
      cells: ends.map((value, i) => ({ row: "a", column: `${i}`, value })),
    }),
    histogramFigure({ ...huge, value: { column: "v" }, values: ends, bins: 4 }),
  ];
  for (const { svg } of figures) assert(!/NaN|undefined|Infinity/.test(svg));
  assertEquals(figures.at(-1)!.rows.map(({ count }) => count), [1, 0, 1, 1]);
  const [points] = [...figures[0]!.svg.matchAll(/ cy="([0-9.]+)"/g)].map((match) =>
    Number(match[1])
  )
    .map((y, _, all) => (y - all[0]!) / (all[2]! - all[0]!)).slice(1, 2);
  assertAlmostEquals(points!, 0.5, 0.01);
  const lines = ["a", "b"].map((name) => ({ name, points: [{ x: 0, y: 1.7e308 }] }));
  assertEquals(seriesOfRuns(lines)[0]!.points, [{ x: 0, y: 1.7e308 }]);
});
