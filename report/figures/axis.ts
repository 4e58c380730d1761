/**
 * The axes of a figure.
 *
 * @module
 */
import { textWidth } from "./svg.ts";

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
export function domainOf(axis: Axis, values: readonly number[]): [number, number] {
  const { domain, log, integer } = axis;
  const low = domain?.[0] ?? values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = domain?.[1] ?? values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low < high) return [low, high];
  if (integer) return [low - 0.5, high + 0.5];
  if (log) return [Math.max(low / 2, Number.MIN_VALUE), Math.min(high * 2, Number.MAX_VALUE)];
  const half = low === 0 ? 1 : Math.max(Math.abs(low) / 10, Number.MIN_VALUE);
  return [Math.max(low - half, -Number.MAX_VALUE), Math.min(high + half, Number.MAX_VALUE)];
}

/**
 * What the values of a domain have to be multiplied with for a picture: their distances and the steps
 * between ticks must be numbers, too. Almost always 1.
 */
export function unitOf([low, high]: readonly [number, number]): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return largest > 1e300 ? 1e-300 : largest < 1e-290 && low < high ? 1e300 : 1;
}

/** The step of an axis: 1, 2 or 5 times a power of ten, for at most about `count` ticks. */
function niceStep([low, high]: readonly [number, number], count: number): number {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power;
}

/** The multiples of a step within a domain. */
function multiples(step: number, [low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Powers of ten, with their double and fivefold where there is room. */
function logTicks([low, high]: readonly [number, number], count: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const every = Math.ceil((last - first) / count);
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .filter((power) => (power - first) % every === 0)
    .flatMap((power) => factors.map((factor) => factor * 10 ** power))
    .filter((tick) => tick >= low && tick <= high);
}

/** A tick's number as text that is never long: `0.25`, `-3e-5`, `12,000`. */
function tickText(tick: number, step: number): string {
  if (Math.abs(tick) >= 1e6 || step < 1e-4) {
    return tick === 0 ? "0" : Number(tick.toPrecision(3)).toExponential().replace("+", "");
  }
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return tick.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Options of one of Plot's scales, for at most about `count` ticks. */
export function scaleOptions(axis: Axis, values: readonly number[], count: number) {
  const whole = domainOf(axis, values);
  const log = axis.log && whole[1] > 1e-290; // below there are no powers of ten left
  const unit = log ? 1 : unitOf(whole);
  const ends = [unit * whole[0], unit * whole[1]] as const;
  const shared = { label: labelOf(axis), labelArrow: "none" } as const;
  if (log) {
    const tickFormat = (tick: number) => `${Number(tick.toPrecision(1))}`;
    return {
      ...shared,
      type: "log",
      domain: ends,
      ticks: logTicks(ends, count),
      tickFormat,
    } as const;
  }
  const step = axis.integer ? Math.max(1, niceStep(ends, count)) : niceStep(ends, count);
  const isLoose = axis.domain === undefined && !axis.integer;
  const domain = isLoose
    ? [step * Math.floor(ends[0] / step + 1e-9), step * Math.ceil(ends[1] / step - 1e-9)] as const
    : ends;
  return {
    ...shared,
    type: "linear",
    domain,
    ticks: multiples(step, domain).filter((tick) => Number.isFinite(tick / unit)),
    tickFormat: (tick: number) => tickText(tick / unit, step / unit),
    ...(unit === 1 ? {} : { transform: (value: number) => unit * value }),
  } as const;
}

/** Room for the ticks of a vertical axis, in units of the picture. */
export function tickMargin({ ticks, tickFormat }: ReturnType<typeof scaleOptions>): number {
  return Math.max(40, 16 + Math.max(...ticks.map((tick) => textWidth(tickFormat(tick)))));
}

/** Room for the half of a horizontal axis's last tick that is beyond its end. */
export function endMargin({ ticks, tickFormat }: ReturnType<typeof scaleOptions>): number {
  const last = ticks.at(-1);
  return last === undefined ? 16 : Math.max(16, 4 + textWidth(tickFormat(last)) / 2);
}
