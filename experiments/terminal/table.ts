/**
 * Tables as text.
 *
 * @module
 */
import { columnsOf } from "./columns.ts";

/**
 * Lay rows out in columns: the first to the left, the others to the right.
 *
 * @param rows Cells, the first row being the head.
 */
export function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => columnsOf(row[column] ?? "")))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => {
      const padding = " ".repeat(widths[column]! - columnsOf(cell));
      return column === 0 ? cell + padding : padding + cell;
    }).join("  ").trimEnd();
  const [head, ...body] = rows.map(line);
  return [head, widths.map((width) => "-".repeat(width)).join("  "), ...body].join("\n");
}
