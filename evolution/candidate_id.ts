/** Candidates that one version of the distribution can give: ids leave 20 bits for the index. */
export const MAX_PER_VERSION = 2 ** 20;

/** The id of a candidate: ordered by version, then by index. */
export function candidateId(version: number, index: number): number {
  return version * MAX_PER_VERSION + index;
}
