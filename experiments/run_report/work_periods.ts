/**
 * When a run was worked on, and how busy its slots were. A run that was stopped and resumed has
 * pauses, which do not count.
 *
 * @module
 */
import { parseSlotActor } from "../../actors/population/slot.ts";
import type { LinePoint } from "../../report/figures/line_figure.ts";
import type { ReportedRun } from "./reported_run.ts";

/** The time of one process that worked on a run, in milliseconds since 1970. */
export interface WorkPeriod {
  readonly start: number;
  readonly end: number;
  /** Evaluations that could be done at the same time. */
  readonly slots: number;
}

type WorkedRun = Pick<ReportedRun, "log" | "candidates" | "finalists">;

/** The periods of a run, in order. A run without a log has none. */
export function workPeriods(run: WorkedRun): readonly WorkPeriod[] {
  const periods = known.get(run) ?? findPeriods(run);
  known.set(run, periods);
  return periods;
}

/** Several sections ask for the periods of a run. */
const known = new WeakMap<WorkedRun, readonly WorkPeriod[]>();

/** When each process began to work on a run, in milliseconds since 1970. */
export function workStarts({ log }: Pick<WorkedRun, "log">): number[] {
  return log.filter(({ actor, text, incarnation }) =>
    actor === "search/recorder" && text === "started" && incarnation === 1
  ).map(({ time }) => time);
}

function findPeriods(run: WorkedRun): WorkPeriod[] {
  const { log } = run;
  const starts = workStarts(run);
  const ends = [...log.map(({ time }) => time), ...busyTimes(run).map(({ end }) => end)];
  return starts.map((start, index) => {
    const isInside = (time: number) => time >= start && time < (starts[index + 1] ?? Infinity);
    const slots = log.flatMap(({ time, actor }) =>
      isInside(time) ? parseSlotActor(actor)?.slot ?? [] : []
    );
    const end = ends.filter(isInside).reduce((last, time) => Math.max(last, time), start);
    return { start, end, slots: new Set(slots).size };
  });
}

/** Length of all periods, in milliseconds. */
export function workedMs(periods: readonly WorkPeriod[]): number {
  return periods.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** Share of the slots' time that was spent on evaluations, 0 to 1; `null` if there was no time. */
export function utilization(run: WorkedRun): number | null {
  const [share] = utilizationOverTime(run, 1);
  return share?.y ?? null;
}

/**
 * The same for each of `bins` stretches of the worked time.
 *
 * @returns The middle of each stretch, in milliseconds of worked time, and its share from 0 to 1.
 */
export function utilizationOverTime(run: WorkedRun, bins: number): LinePoint[] {
  const periods = workPeriods(run);
  const width = workedMs(periods) / bins;
  if (width === 0) return [];
  const capacity = new Array<number>(bins).fill(0);
  const busy = new Array<number>(bins).fill(0);
  const times = busyTimes(run);
  let worked = 0;
  for (const { start, end, slots } of periods) {
    const offset = worked - start;
    spread(capacity, width, start + offset, end + offset, slots);
    for (const time of times) {
      if (time.start < start || time.start > end) continue;
      spread(busy, width, time.start + offset, Math.min(time.end, end) + offset, 1);
    }
    worked += end - start;
  }
  return capacity.flatMap((available, bin) =>
    available === 0 ? [] : [{ x: (bin + 0.5) * width, y: busy[bin]! / available }]
  );
}

/** Add a stretch of time to the bins that it lies in. */
function spread(bins: number[], width: number, start: number, end: number, weight: number): void {
  const last = Math.min(bins.length - 1, Math.floor(end / width));
  for (let bin = Math.floor(start / width); bin <= last; bin++) {
    const overlap = Math.min(end, (bin + 1) * width) - Math.max(start, bin * width);
    bins[bin]! += weight * overlap;
  }
}

function busyTimes({ candidates, finalists }: Omit<WorkedRun, "log">) {
  const times: { readonly start: number; readonly end: number }[] = [];
  for (const results of [candidates, finalists]) {
    for (const { timings } of results) {
      for (const part in timings) {
        const { startedAt, busyMs } = timings[part]!;
        times.push({ start: startedAt, end: startedAt + busyMs });
      }
    }
  }
  return times;
}
