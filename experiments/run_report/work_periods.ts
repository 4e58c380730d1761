/**
 * When a run was worked on, and how busy its slots were. A run that was stopped and resumed has
 * pauses, which do not count.
 *
 * @module
 */
import { parseSlotActor } from "../../actors/population/slot.ts";
import type { Timing } from "../../actors/record/facts.ts";
import type { LinePoint } from "../../report/figures/line_figure.ts";
import type { ReportedRun } from "./reported_run.ts";

/** The time of one process that worked on a run, in milliseconds since 1970. */
export interface WorkPeriod {
  readonly start: number;
  readonly end: number;
  /** Evaluations that could be done at the same time; of workers elsewhere, by the slots that did some. */
  readonly slots: number;
}

type WorkedRun = Pick<ReportedRun, "log" | "candidates" | "finalists">;

/** The periods of a run, in order. A run without a log has none. */
export function workPeriods(run: WorkedRun): readonly WorkPeriod[] {
  return workOf(run).periods;
}

/** Several sections ask for the work of a run, which may have 100,000 results. */
const known = new WeakMap<WorkedRun, ReturnType<typeof findWork>>();

function workOf(run: WorkedRun): ReturnType<typeof findWork> {
  const work = known.get(run) ?? findWork(run);
  known.set(run, work);
  return work;
}

function findWork(run: WorkedRun) {
  const times = busyTimes(run);
  return { times, periods: findPeriods(run, times) };
}

/** When each process began to work on a run, in milliseconds since 1970. */
export function workStarts({ log }: Pick<WorkedRun, "log">): number[] {
  return log.filter(({ actor, text, incarnation }) =>
    actor === "search/recorder" && text === "started" && incarnation === 1
  ).map(({ time }) => time);
}

function findPeriods(run: WorkedRun, times: BusyTimes): WorkPeriod[] {
  const { log } = run;
  const elsewhere = timingsElsewhere(run);
  const starts = workStarts(run);
  const logged = log.map(({ time }) => time);
  return starts.map((start, index) => {
    const isInside = (time: number) => time >= start && time < (starts[index + 1] ?? Infinity);
    const slots = log.flatMap(({ time, actor }) =>
      isInside(time) ? parseSlotActor(actor)?.slot ?? [] : []
    );
    for (const { slot, startedAt } of elsewhere) if (isInside(startedAt)) slots.push(slot);
    let end = start;
    for (const ends of [logged, times.ends]) {
      for (const time of ends) if (time > end && isInside(time)) end = time;
    }
    return { start, end, slots: new Set(slots).size };
  });
}

/** Of workers on other hosts, whose slots are not in the log. */
function timingsElsewhere({ candidates, finalists }: WorkedRun): Timing[] {
  const found: Timing[] = [];
  for (const results of [candidates, finalists]) {
    for (const { timings } of results) {
      for (const part in timings) {
        if (timings[part]!.slot.includes("@")) found.push(timings[part]!);
      }
    }
  }
  return found;
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
  const { periods, times: { starts, ends } } = workOf(run);
  const width = workedMs(periods) / bins;
  if (width === 0) return [];
  const capacity = new Array<number>(bins).fill(0);
  const busy = new Array<number>(bins).fill(0);
  let worked = 0;
  for (const { start, end, slots } of periods) {
    const offset = worked - start;
    spread(capacity, width, start + offset, end + offset, slots);
    for (let i = 0; i < starts.length; i++) {
      if (starts[i]! < start || starts[i]! > end) continue;
      spread(busy, width, starts[i]! + offset, Math.min(ends[i]!, end) + offset, 1);
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

/** Of each part of each evaluation, in milliseconds since 1970. */
interface BusyTimes {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

function busyTimes({ candidates, finalists }: Omit<WorkedRun, "log">): BusyTimes {
  const starts: number[] = [];
  const ends: number[] = [];
  for (const results of [candidates, finalists]) {
    for (const { timings } of results) {
      for (const part in timings) {
        const { startedAt, busyMs } = timings[part]!;
        starts.push(startedAt);
        ends.push(startedAt + busyMs);
      }
    }
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends) };
}
