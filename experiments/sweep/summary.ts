/**
 * The seeds of each combination together: mean and range.
 *
 * @module
 */
import { meanOf } from "../../averages.ts";
import { flagOf } from "../../options.ts";
import { percent, significant } from "../../report/numbers.ts";
import { durationText } from "../../duration.ts";
import type { SweptOption } from "./axes.ts";
import type { SweepRow } from "./rows.ts";

/** All seeds of one combination. */
export interface SweepGroup {
  /** Values of the swept options, in their order. */
  readonly texts: readonly string[];
  readonly rows: readonly SweepRow[];
}

/** Mean and range over seeds. */
export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The combinations, in the order of the rows. */
export function groupsOf(rows: readonly SweepRow[]): SweepGroup[] {
  return [...Map.groupBy(rows, ({ texts }) => JSON.stringify(texts)).values()]
    .map((rows) => ({ texts: rows[0]!.texts, rows }));
}

/** Mean and range; `null` if a row has no value, as a mean over the others would flatter. */
export function spreadOf(
  { rows }: SweepGroup,
  valueOf: (row: SweepRow) => number | null,
): Spread | null {
  const values = rows.map(valueOf).filter((value) => value !== null);
  if (values.length < rows.length) return null;
  return { mean: meanOf(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Share of the evaluations that were begun for nothing, 0 to 1. */
export function wastedShare({ wasted, attempts }: SweepRow): number {
  return wasted / Math.max(1, attempts);
}

/** Simulations that lose a larger share of their time by failures are counted. */
const LOSS = 0.05;

/** By what share of its time a simulation takes longer than without failures; `null` if not known. */
function lossOf({ slowdown }: SweepRow): number | null {
  return slowdown === null ? null : slowdown - 1;
}

/** A row for each combination, the head first: the mean, and the range if there are several seeds. */
export function summaryTable(
  axes: readonly SweptOption[],
  groups: readonly SweepGroup[],
): string[][] {
  const hasTarget = groups.some(({ rows }) => rows.some(({ hasTarget }) => hasTarget));
  const hasFailures = groups.some(({ rows }) => rows.some(({ slowdown }) => slowdown !== null));
  const columns: readonly (readonly [string, (group: SweepGroup) => string])[] = [
    ["wall time", (group) => cell(group, (row) => 1000 * row.wallSeconds, durationText)],
    ...(hasTarget
      ? [
        ["target reached", ({ rows }: SweepGroup) => {
          const reached = rows.filter(({ targetSeconds }) => targetSeconds !== null).length;
          return rows.some(({ hasTarget }) => hasTarget) ? `${reached} of ${rows.length}` : "-";
        }],
        ["after", (group: SweepGroup) =>
          cell(
            group,
            ({ targetSeconds }) => targetSeconds === null ? null : 1000 * targetSeconds,
            durationText,
          )],
      ] as const
      : []),
    ["speed-up", (group) => cell(group, (row) => row.speedUp, short)],
    ...(hasFailures
      ? [
        ["longer %", (group: SweepGroup) => cell(group, lossOf, percent)],
        [`over ${100 * LOSS} % longer`, ({ rows }: SweepGroup) => {
          const known = rows.flatMap((row) => lossOf(row) ?? []);
          const longer = known.filter((loss) => loss > LOSS).length;
          return known.length === 0 ? "-" : `${longer} of ${known.length}`;
        }],
      ] as const
      : []),
    ["utilisation %", (group) => meanCell(group, (row) => row.utilization, percent)],
    ["evaluations", (group) => meanCell(group, (row) => row.evaluations, short)],
    ["wasted %", (group) => meanCell(group, wastedShare, percent)],
    ["mean age", (group) => meanCell(group, (row) => row.meanAge, short)],
    ["restarts", (group) => meanCell(group, (row) => row.restarts, short)],
    ["best value", (group) => meanCell(group, (row) => row.best, short)],
  ];
  return [
    [...axes.map(({ option }) => flagOf(option).slice(2)), ...columns.map(([name]) => name)],
    ...groups.map((group) => [...group.texts, ...columns.map(([, textOf]) => textOf(group))]),
  ];
}

function cell(
  group: SweepGroup,
  valueOf: (row: SweepRow) => number | null,
  textOf: (value: number) => string,
): string {
  const spread = spreadOf(group, valueOf);
  if (spread === null) return "-";
  const [low, mean, high] = [spread.low, spread.mean, spread.high].map(textOf);
  return low === high ? mean! : `${mean} (${low} to ${high})`;
}

function meanCell(
  group: SweepGroup,
  valueOf: (row: SweepRow) => number | null,
  textOf: (value: number) => string,
): string {
  const spread = spreadOf(group, valueOf);
  return spread === null ? "-" : textOf(spread.mean);
}

/** With three digits, or more where these are before the point. */
function short(value: number): string {
  return value >= 1000 && value < 1e6 ? `${Math.round(value)}` : significant(value, 3);
}
