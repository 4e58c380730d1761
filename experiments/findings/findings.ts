/**
 * What an experiment found: put together once, shown as text and as a page.
 *
 * @module
 */
// @ts-types="../../deps/std/csv.d.ts"
import { stringify } from "@std/csv";
import { setId } from "../study/experiment.ts";
import { exists } from "../study/search_folder.ts";
import { paragraph, table, type TableOptions } from "../../report/page/blocks.ts";
import { type Figure, writeWhole } from "../../report/figures/figure.ts";
import type { Section } from "../../report/page/page.ts";
import { writeReport } from "../../report/page/write_report.ts";
import { columnsOf } from "../terminal/columns.ts";
import { layOut } from "../terminal/table.ts";

/** A part under a heading of its own: paragraphs, tables, and figures that stand side by side. */
export interface Finding {
  readonly title: string;
  readonly content: readonly (string | TableOptions | readonly Figure[])[];
}

/** All that an experiment has to say. */
export interface Findings {
  readonly title: string;
  /** Paragraphs. */
  readonly introduction: readonly string[];
  readonly sections: readonly Finding[];
}

/** A column of a CSV file and what is in it; every row has every column. */
export type CsvRow = Readonly<Record<string, string | number | null>>;

/**
 * Write `NAME.txt`, CSV files, and `report.html` with its figures, each whole or not at all.
 *
 * @param directory It is there.
 * @param name Of the experiment.
 * @param tables CSV files by their names, such as `networks`; one without rows is not written, and one
 *   of other findings that is there is removed.
 */
export function writeFindings(
  directory: string,
  name: string,
  findings: Findings,
  tables: Readonly<Record<string, readonly CsvRow[]>>,
): void {
  const { title, introduction, sections } = findings;
  for (const [table, rows] of Object.entries(tables)) {
    const path = `${directory}/${table}.csv`;
    if (rows.length > 0) writeWhole(path, stringify(rows, { columns: Object.keys(rows[0]!) }));
    else if (exists(path)) Deno.removeSync(path);
  }
  writeWhole(`${directory}/${name}.txt`, `${findingsText(findings)}\n`);
  writeReport(`${directory}/report.html`, {
    title,
    introduction: introduction.map(paragraph),
    sections: sections.map(sectionOf),
  });
}

function sectionOf({ title, content }: Finding): Section {
  return {
    title,
    content: content.map((block) => {
      if (typeof block === "string") return paragraph(block);
      return "caption" in block ? table(block) : block;
    }),
  };
}

/** Findings as text: without the figures, of which it says where they are. */
export function findingsText({ title, introduction, sections }: Findings): string {
  return [
    underlined(title, "="),
    ...introduction.map(wrapped),
    ...sections.flatMap(({ title, content }) => [
      underlined(title, "-"),
      ...content.map(blockText),
    ]),
  ].join("\n\n");
}

function blockText(block: Finding["content"][number]): string {
  if (typeof block === "string") return wrapped(block);
  if (!("caption" in block)) {
    return block.map(({ id, title }) => wrapped(`${title}: figures/${id}.svg`)).join("\n");
  }
  const { caption, columns, rows } = block;
  return `${wrapped(caption)}:\n\n${
    layOut([columns, ...rows.map((row) => row.map((cell) => `${cell ?? ""}`))])
  }`;
}

/** The id of a set's figure: `figure3-mnist`. */
export function figureId(name: string, dataset: string): string {
  const set = setId(dataset);
  return set === "" ? name : `${name}-${set}`;
}

function underlined(title: string, line: string): string {
  return `${title}\n${line.repeat(columnsOf(title))}`;
}

const WIDTH = 100;

/** Text in lines of at most {@linkcode WIDTH} characters. */
function wrapped(text: string): string {
  let length = 0;
  return text.split(" ").map((word, index) => {
    const breaks = index > 0 && length + 1 + word.length > WIDTH;
    const before = index === 0 ? "" : breaks ? "\n" : " ";
    length = breaks || index === 0 ? word.length : length + 1 + word.length;
    return before + word;
  }).join("");
}
