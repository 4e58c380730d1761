/**
 * A set of ids that are mostly consecutive, as plain data: the first id of each run of them and the one
 * behind its last, in ascending order. `[3, 5, 9, 10]` holds 3, 4 and 9.
 */
export type IdRanges = readonly number[];

/** Whether an id is in the set. */
export function hasId(ranges: IdRanges, id: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]! <= id) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1; // behind the start of a run, and not behind its end
}

/**
 * The set with more ids, and without old ones.
 *
 * @param ids Any that are not in it.
 * @param oldest The smallest that stays.
 */
export function addIds(ranges: IdRanges, ids: readonly number[], oldest: number): IdRanges {
  const runs = ids.map((id): [number, number] => [id, id + 1]);
  for (let i = 0; i < ranges.length; i += 2) runs.push([ranges[i]!, ranges[i + 1]!]);
  runs.sort(([a], [b]) => a - b);
  const next: number[] = [];
  for (const [start, end] of runs) {
    if (end <= oldest) continue;
    if (next.at(-1) === start) next[next.length - 1] = end;
    else next.push(Math.max(start, oldest), end);
  }
  return next;
}
