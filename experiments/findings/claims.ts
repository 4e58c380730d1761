/**
 * What the paper claims, and whether repeats show it: as a table, and as rows of a CSV file.
 *
 * @module
 */
import type { CsvRow } from "./findings.ts";
import { testPairs } from "./pairs.ts";
import type { TableOptions } from "../../report/page/blocks.ts";
import { meanAndDeviation } from "../study/statistics.ts";
import { percent } from "../../report/numbers.ts";

/** That one quantity is above another one. */
export interface Claim {
  /** Such as `SGD above Adam`. */
  readonly claim: string;
  /** One value for each repeat; `null` where there is none. */
  readonly higher: readonly (number | null)[];
  /** In the same order of repeats. */
  readonly lower: readonly (number | null)[];
  /** How a difference is written. Default: as points of per cent. */
  readonly format?: (value: number) => string;
}

/** The claims and what came of them. */
export function claimTable(caption: string, claims: readonly Claim[]): TableOptions {
  return {
    caption,
    columns: ["claim", "difference", "repeats", "p", "verdict"],
    rows: claims.map(({ claim, higher, lower, format }) => {
      const { differences, p, verdict } = testPairs(higher, lower);
      return [
        claim,
        differences.length === 0 ? null : meanText(differences, format),
        differences.length,
        pText(p),
        verdict,
      ];
    }),
  };
}

/** The same for `claims.csv`. */
export function claimRows(dataset: string, claims: readonly Claim[]): CsvRow[] {
  return claims.map(({ claim, higher, lower }) => {
    const { differences, p, verdict } = testPairs(higher, lower);
    const { mean, deviation } = differences.length === 0
      ? { mean: null, deviation: null }
      : meanAndDeviation(differences);
    return {
      dataset,
      claim,
      repeats: differences.length,
      mean_difference: mean,
      deviation,
      p,
      verdict,
    };
  });
}

/** Four digits; `null` where nothing was tested. */
export function pText(p: number | null): string | null {
  return p === null ? null : p < 0.0001 ? "<0.0001" : p.toFixed(4);
}

/** `63.8 ± 1.8`, and how many there are not. */
export function meanText(
  values: readonly (number | null)[],
  format: (value: number) => string = percent,
): string {
  const whole = values.filter((value) => value !== null);
  if (whole.length === 0) return "failed";
  const { mean, deviation } = meanAndDeviation(whole);
  const failed = values.length - whole.length;
  return format(mean) + (deviation === null ? "" : ` ± ${format(deviation)}`) +
    (failed === 0 ? "" : ` (${failed} failed)`);
}
