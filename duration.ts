/**
 * Durations as people write them: `5ms`, `30s`, `2m`, `6h`.
 *
 * @module
 */

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** A text of a number and a unit. */
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** 114 years, more than anybody would wait for. */
const MOST_HOURS = 1_000_000;

/** What a duration looks like, in words. */
export const durationExpected = `a duration up to ${MOST_HOURS}h, such as 5ms, 30s, 2m or 6h`;

/** Milliseconds; `undefined` if the text is no duration, or one of more than a million hours. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const ms = Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
  return ms <= MOST_HOURS * UNITS.h ? ms : undefined;
}

/** Milliseconds as a person reads them: `12 ms`, `3.4 s`, `7.5 min`, `3.2 h`, `4.1 days`. */
export function durationText(ms: number): string {
  const [unit, name] = ms < 1000
    ? [1, "ms"] as const
    : ms < 120_000
    ? [1000, "s"] as const
    : ms < 7_200_000
    ? [60_000, "min"] as const
    : ms < 172_800_000
    ? [3_600_000, "h"] as const
    : [86_400_000, "days"] as const;
  return `${Number((ms / unit).toPrecision(3))} ${name}`;
}
