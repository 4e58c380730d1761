/**
 * What can go wrong, as data.
 *
 * @module
 */
import { durationText } from "../../duration.ts";

/** Something that happens to one trainer. */
export interface TrainerFault {
  /**
   * `kill`: its process ends. `hang`: it does nothing any more. `double`: its next answer comes twice.
   * `late`: it hangs at its next answer, which comes when it has been replaced.
   */
  readonly kind: "kill" | "hang" | "double" | "late";
  /**
   * Its number, from 0; where evaluations have several parts, first all that do the first part. With
   * fewer trainers they are counted again from the first.
   */
  readonly trainer: number;
}

/** Everything that a trainer does takes longer for a while. */
export interface SlowFault {
  readonly kind: "slow";
  readonly trainer: number;
  readonly forMs: number;
  /** How many times as long. */
  readonly factor: number;
}

/**
 * For a while the messages to and from a trainer take longer, each up to so much. Those of one sender
 * stay in their order, and those of others overtake them.
 */
export interface DelayFault {
  readonly kind: "delay";
  readonly trainer: number;
  readonly forMs: number;
  readonly upToMs: number;
}

/** The messages to and from a trainer arrive when it is over. */
export interface CutFault {
  readonly kind: "cut";
  readonly trainer: number;
  readonly forMs: number;
}

/**
 * The end of the process that runs the search, which is resumed later. `stop`: it was asked to stop.
 * `crash`: it was killed. `power`: what was not synced is lost. `torn`: parts of that are there.
 */
export interface CrashFault {
  readonly kind: "stop" | "crash" | "power" | "torn";
  /** After how many more operations on the disk it happens; 0: at once. A stop is always at once. */
  readonly operations: number;
  /** Time until it is resumed. */
  readonly downMs: number;
}

/** The disk is full for a while. */
export interface DiskFault {
  readonly kind: "full";
  readonly forMs: number;
}

/** Something that goes wrong. */
export type Fault =
  & {
    /** In the plan, from 1. */
    readonly number: number;
    /** When, in virtual milliseconds from the start. */
    readonly atMs: number;
  }
  & (TrainerFault | SlowFault | DelayFault | CutFault | CrashFault | DiskFault);

/** Names what goes wrong. */
export type FaultKind = Fault["kind"];

/** The kinds of faults by what they are about, and how each is said. */
const faultKinds = {
  trainers: { kill: "kill", hang: "hang", slow: "slow trainer" },
  network: {
    double: "double answer",
    late: "late answer",
    delay: "delayed messages",
    cut: "cut connection",
  },
  disk: { power: "power cut", torn: "torn write", full: "full disk" },
  crashes: { stop: "stop", crash: "crash" },
} as const;

const names: Readonly<Record<FaultKind, string>> = Object.assign({}, ...Object.values(faultKinds));

/** What a kind of fault is called, in words. */
export function faultName(kind: FaultKind): string {
  return names[kind];
}

/** Named mixes of faults: the kinds that each has. A mix of crashes has those of the disk, too. */
const mixes = {
  none: [],
  trainers: kindsOf("trainers"),
  network: kindsOf("network"),
  disk: kindsOf("disk"),
  crashes: [...kindsOf("crashes"), "power", "torn"],
  all: Object.keys(names) as FaultKind[],
} as const satisfies Record<string, readonly FaultKind[]>;

/** The name of a mix. */
export type Mix = keyof typeof mixes;

/** All names. */
export const mixNames = Object.keys(mixes) as readonly Mix[];

/** The kinds of faults that a mix has. */
export function kindsIn(mix: Mix): readonly FaultKind[] {
  return mixes[mix];
}

function kindsOf(what: keyof typeof faultKinds): FaultKind[] {
  return Object.keys(faultKinds[what]) as FaultKind[];
}

/** When it is over, in virtual milliseconds from the start, if it does not end by itself at once. */
export function endOf(fault: Fault): number {
  return fault.atMs + ("forMs" in fault ? fault.forMs : "downMs" in fault ? fault.downMs : 0);
}

/** A line about a fault, without its number. */
export function describeFault(fault: Fault): string {
  const { kind, atMs } = fault;
  const what = [durationText(atMs), faultName(kind)];
  if ("trainer" in fault) what.push(`of trainer ${fault.trainer}`);
  if ("factor" in fault) what.push(`(${fault.factor} times)`);
  if ("upToMs" in fault) what.push(`(up to ${durationText(fault.upToMs)})`);
  if ("operations" in fault && fault.operations > 0) {
    what.push(`after ${fault.operations} operations on the disk`);
  }
  if ("forMs" in fault) what.push(`for ${durationText(fault.forMs)}`);
  if ("downMs" in fault) what.push(`resumed after ${durationText(fault.downMs)}`);
  return what.join(" ");
}
