/**
 * The axes of a figure.
 *
 * @module
 */

/** A quantity along an axis. */
export interface Axis {
  /** Its column in the figure's data: `best_fitness`. */
  readonly column: string;
  /** What stands at the axis, with the unit. Default: the column's name in words. */
  readonly label?: string;
  /** Ends of the axis. Default: those of the data. */
  readonly domain?: readonly [number, number];
  /** Powers of ten at even distances; all values must be positive. Default: no. */
  readonly log?: boolean;
  /** Only whole numbers, such as generations. Default: no. */
  readonly integer?: boolean;
}

/** What stands at an axis. */
export function labelOf({ column, label }: Axis): string {
  return label ?? column.replaceAll("_", " ");
}

/** The ends of an axis for these values; never without a width. */
export function domainOf({ domain, log }: Axis, values: readonly number[]): [number, number] {
  const low = domain?.[0] ?? values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = domain?.[1] ?? values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low < high) return [low, high];
  if (log) return [low / 2, high * 2];
  const half = low === 0 ? 1 : Math.abs(low) / 10;
  return [low - half, high + half];
}

/** At most about `count` whole numbers for the ticks of an axis. */
export function integerTicks([low, high]: readonly [number, number], count: number): number[] {
  const rough = Math.max(1, (high - low) / count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power);
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}

/** Options of one of Plot's scales. */
export function scaleOptions(axis: Axis, values: readonly number[], ticks: number) {
  const domain = domainOf(axis, values);
  return {
    label: labelOf(axis),
    labelArrow: "none",
    domain,
    nice: axis.domain === undefined && !axis.integer,
    type: axis.log ? "log" : "linear",
    ticks: axis.integer ? integerTicks(domain, ticks) : ticks,
    ...(axis.integer ? { tickFormat: "d" } : {}),
  } as const;
}
