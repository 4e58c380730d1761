/**
 * Numbers as people read them.
 *
 * @module
 */

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
