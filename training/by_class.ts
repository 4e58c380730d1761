/**
 * Measures on the images of each class alone.
 *
 * @module
 */
import type { Split } from "../datasets/mod.ts";

/** The positions of the images of each class, in the order of the classes; a class may have none. */
export function groupByClass(split: Split, indices: Uint32Array): Uint32Array[] {
  return split.classNames.map((_, label) =>
    indices.filter((index) => split.labels[index] === label)
  );
}

/**
 * Measure groups of images one by one.
 *
 * @param groups Positions of images, at least one in all.
 * @param measure Gives means over the images of a group, which is told with its number.
 * @returns The means over all images, and over those of each group; a group without images has the
 * former.
 */
export async function measureGroups<Means extends Readonly<Record<string, number>>>(
  groups: readonly Uint32Array[],
  measure: (group: Uint32Array, index: number) => Promise<Means>,
): Promise<{ readonly whole: Means; readonly each: readonly Means[] }> {
  if (groups.length === 1) {
    const whole = await measure(groups[0]!, 0);
    return { whole, each: [whole] };
  }
  const measured: (Means | undefined)[] = [];
  for (const [index, group] of groups.entries()) {
    measured.push(group.length > 0 ? await measure(group, index) : undefined);
  }
  const total = groups.reduce((sum, { length }) => sum + length, 0);
  const names = Object.keys(measured.find((means) => means)!);
  const whole = Object.fromEntries(names.map((name) => [
    name,
    measured.reduce((sum, means, at) => sum + (means?.[name] ?? 0) * groups[at]!.length, 0) / total,
  ])) as Means;
  return { whole, each: measured.map((means) => means ?? whole) };
}
