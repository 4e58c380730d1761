/**
 * Which trainers there are, and how fast each is.
 *
 * @module
 */

/** Trainers, one entry each. */
export interface Fleet {
  /** The name of each trainer's device. */
  readonly devices: readonly string[];
  /** Speed by device: 2 does in a second what costs two. */
  readonly speeds: Readonly<Record<string, number>>;
}

/** What trainers look like, in words. */
export const trainersExpected =
  "a number such as 512, or a list such as 8xfast:1,4xslow:0.3 (count, device, speed), up to " +
  "100000 in all";

const MOST_TRAINERS = 100_000;

/** A count alone, or a count, the name of a device and its speed. */
const GROUP = /^(\d+)(?:x([A-Za-z][\w-]*):(\d+(?:\.\d+)?))?$/;

/** Read a fleet from its groups; `undefined` if one cannot be read, or two contradict each other. */
export function parseFleet(groups: readonly string[]): Fleet | undefined {
  const devices: string[] = [];
  const speeds = new Map<string, number>();
  for (const group of groups) {
    const match = GROUP.exec(group);
    if (!match) return undefined;
    const [, count, device = "standard", speedText = "1"] = match;
    const speed = Number(speedText);
    if (!(speed > 0) || (speeds.get(device) ?? speed) !== speed) return undefined;
    if (Number(count) < 1 || devices.length + Number(count) > MOST_TRAINERS) return undefined;
    speeds.set(device, speed);
    for (let left = Number(count); left > 0; left--) devices.push(device);
  }
  return { devices, speeds: Object.fromEntries(speeds) };
}
