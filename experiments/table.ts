/**
 * Tables as text.
 *
 * @module
 */

/**
 * Lay rows out in columns: the first to the left, the others to the right.
 *
 * @param rows Cells, the first row being the head.
 */
export function layOut(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    ).join("  ").trimEnd();
  const [head, ...body] = rows.map(line);
  return [head, widths.map((width) => "-".repeat(width)).join("  "), ...body].join("\n");
}

/** A share as per cent with one decimal: `93.1`. */
export function percent(share: number): string {
  return (100 * share).toFixed(1).replace(/^-(0\.0)$/, "$1");
}

/** How many results there are: `2`, or `2, 1 failed`. */
export function countCell(whole: number, failed: number): number | string {
  return failed === 0 ? whole : `${whole}, ${failed} failed`;
}

/** A number with so many digits, and no zeros at its end: `0.0123`, `-3e-9`. */
export function significant(value: number, digits: number): string {
  const rounded = Number(value.toPrecision(digits));
  return String(Number.isFinite(rounded) ? rounded : value); // the largest cannot be rounded up
}
