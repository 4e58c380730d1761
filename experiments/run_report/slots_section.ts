/**
 * Which slots are slow, and what each did of late.
 *
 * @module
 */
import type { Evaluated } from "../../actors/record/facts.ts";
import { medianOf } from "../../averages.ts";
import { significant } from "../../report/numbers.ts";
import { paragraph, table, type TableCell } from "../../report/page/blocks.ts";
import type { Figure } from "../../report/figures/figure.ts";
import type { Section } from "../../report/page/page.ts";
import { type TimelineBar, timelineFigure } from "../../report/figures/timeline_figure.ts";
import type { ReportedRun } from "./reported_run.ts";
import { workPeriods } from "./work_periods.ts";

/** Slots that are shown; of more, those that are slow. */
const MOST_SLOTS = 24;

/** Bars of a slot in the timeline. */
const BARS_PER_SLOT = 16;

/** What is known of a slot. */
export interface Slot {
  readonly name: string;
  readonly device: string;
  readonly results: readonly Evaluated[];
  /** Median time of an evaluation, all parts together, in milliseconds. */
  readonly medianMs: number;
}

/** Time of an evaluation on each slot, the slowest first, and what it did of late. */
export function slotsSection(runs: readonly ReportedRun[]): Section {
  const slots = runs.map((run) => ({ run, slots: slotsOf(run) }));
  const title = "Slots";
  if (slots.every(({ slots }) => slots.length === 0)) {
    return { title, content: [paragraph("No slot has finished an evaluation yet.")] };
  }
  const rows = slots.flatMap(({ run, slots }) => {
    const usual = slots.length === 0 ? 0 : medianOf(slots.map(({ medianMs }) => medianMs));
    const prefix = runs.length === 1 ? "" : `${run.name}: `;
    return slots.slice(0, MOST_SLOTS).map((slot) => rowOf(slot, prefix, usual));
  });
  const most = Math.max(...slots.map(({ slots }) => slots.length));
  const cut = most > MOST_SLOTS ? `; the slowest ${MOST_SLOTS} of ${most}` : "";
  const [only] = slots;
  const figures = slots.length === 1 ? [timelineOf(only!.run, only!.slots)] : [];
  return {
    title,
    content: [[
      ...figures,
      table({
        caption: `Time of an evaluation by slot, the slowest first${cut}`,
        columns: ["slot", "device", "done", "median ms", "× usual", "tried again"],
        rows,
      }),
    ]],
  };
}

function rowOf(
  { name, device, results, medianMs }: Slot,
  prefix: string,
  usual: number,
): TableCell[] {
  const again = results.filter(({ timings }) => {
    for (const part in timings) if (timings[part]!.attempt > 1) return true;
    return false;
  });
  return [
    `${prefix}${name}`,
    device,
    results.length,
    Math.round(medianMs),
    usual === 0 ? null : Number(significant(medianMs / usual, 3)),
    again.length,
  ];
}

/** The slots of a run, the slowest first; those that have finished nothing are not known. */
export function slotsOf({ candidates, finalists }: ReportedRun): Slot[] {
  const results = Map.groupBy([...candidates, ...finalists], ({ timings }) => {
    for (const part in timings) return timings[part]!.slot;
    return undefined; // It failed.
  });
  results.delete(undefined);
  return [...results].map(([name, results]): Slot => {
    const [timing] = Object.values(results[0]!.timings);
    const medianMs = medianOf(results.map(({ timings }) => {
      let sum = 0;
      for (const part in timings) sum += timings[part]!.busyMs;
      return sum;
    }));
    // Where it is a worker's, its name ends as that of the device does.
    const [, worker = ""] = name!.match(/(@.*)/) ?? [];
    return { name: name!, device: timing!.device.replace(worker, ""), results, medianMs };
  }).sort((a, b) =>
    b.medianMs - a.medianMs || a.name.localeCompare(b.name, "en", { numeric: true })
  );
}

function timelineOf(run: ReportedRun, slots: readonly Slot[]): Figure {
  const shown = slots.slice(0, MOST_SLOTS);
  // In another order than that of their times, but not in a very different one.
  const recent = shown.map(({ name, results }) => ({
    name,
    results: [...results.slice(-4 * BARS_PER_SLOT)].sort((a, b) => endOf(b) - endOf(a)),
  }));
  const latest = recent.map(({ results }) => results.slice(0, BARS_PER_SLOT));
  const end = Math.max(...latest.flat().map(endOf));
  // From when on all of them have bars, as far as each has so many.
  const from = Math.max(
    ...latest.map((results) =>
      results.length < BARS_PER_SLOT ? 0 : Math.min(...results.map(startOf))
    ),
  );
  const zero = workPeriods(run)[0]?.start ?? Math.min(...latest.flat().map(startOf));
  const unit = end - Math.max(from, zero) < 300_000
    ? { name: "seconds", ms: 1000 }
    : { name: "minutes", ms: 60_000 };
  const time = (ms: number) => (ms - zero) / unit.ms;
  const bars = recent
    .toSorted((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }))
    .flatMap(({ name, results }) =>
      results.flatMap((one): TimelineBar[] =>
        Object.entries(one.timings).filter(([, timing]) =>
          timing.startedAt + timing.busyMs > from && timing.slot === name
        ).map(([kind, { startedAt, busyMs }]) => ({
          row: name,
          kind,
          name: `${one.generation}/${one.candidate}`,
          from: time(Math.max(startedAt, from)),
          to: time(startedAt + busyMs),
        }))
      )
    );
  return timelineFigure({
    id: "slots",
    title: "What the slots did last",
    description:
      "Each bar is a part of an evaluation. A slot with long bars is slow; a gap is time " +
      "in which it waited.",
    row: "slot",
    time: { column: unit.name, label: `${unit.name} since the run was begun` },
    bars,
  });
}

function startOf({ timings }: Evaluated): number {
  return Object.values(timings).reduce(
    (first, { startedAt }) => Math.min(first, startedAt),
    Infinity,
  );
}

function endOf({ timings }: Evaluated): number {
  return Object.values(timings)
    .reduce((last, { startedAt, busyMs }) => Math.max(last, startedAt + busyMs), 0);
}
