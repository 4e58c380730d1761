/**
 * Which of two disturbances leaves the higher accuracy: what the paper says, what this project
 * expects, and whether repeats show it.
 *
 * @module
 */
import { type PairedTest, testPairs } from "../findings/pairs.ts";
import { PAPER_NETWORKS, paperCell } from "./paper.ts";

/** That one row of the table is above another one. */
export interface Ordering {
  /** Row with the higher accuracy, such as `clean`. */
  readonly higher: string;
  readonly lower: string;
  readonly claimedBy: "paper" | "project";
}

/** What repeats say about an ordering, for one network, in shares from -1 to 1. */
export interface OrderingTest extends Ordering, PairedTest {
  readonly network: string;
}

/**
 * The orderings of the paper's Table 1 and text (section 4), and those that say what the search
 * and each term of its fitness add.
 *
 * @param pixels In rising order; the baselines of the search have the fewest.
 */
export function orderingsOf(pixels: readonly number[]): Ordering[] {
  const few = `${pixels[0]} px`;
  const paper = (higher: string, lower: string) => ({ higher, lower, claimedBy: "paper" }) as const;
  const ours = (higher: string, lower: string) =>
    ({ higher, lower, claimedBy: "project" }) as const;
  return [
    paper("clean", "leftmost 1 px"),
    paper("leftmost 1 px", `uniform ${few}`),
    paper("leftmost 1 px", `mddes ${few}`),
    paper(`uniform ${few}`, `mddes ${few}`),
    ...pixels.slice(1).map((more, i) => paper(`mddes ${pixels[i]} px`, `mddes ${more} px`)),
    ...pixels.slice(1).map((more) => ours(`uniform ${more} px`, `mddes ${more} px`)),
    ours(`ops ${few}`, `mddes ${few}`),
    ours(`mddes ${few}`, `class-wise ${few}`),
    ours(`random-search ${few}`, `mddes ${few}`),
    ours(`fm-only ${few}`, `mddes ${few}`),
    ours(`fd-only ${few}`, `mddes ${few}`),
  ];
}

/**
 * Test an ordering on the accuracies of a network, 0 to 1, repeat by repeat; `null` where there is
 * none.
 */
export function testOrdering(
  ordering: Ordering,
  network: string,
  higher: readonly (number | null)[],
  lower: readonly (number | null)[],
): OrderingTest {
  return { ...ordering, network, ...testPairs(higher, lower) };
}

/** For how many of its networks the paper's own means have an ordering, such as `2 of 3`. */
export function inPaperMeans({ higher, lower }: Ordering): string {
  const pairs = PAPER_NETWORKS.flatMap((network) => {
    const [above, below] = [higher, lower].map((row) => paperCell(network, row));
    return above && below ? [above[0] > below[0]] : [];
  });
  return pairs.length === 0 ? "" : `${pairs.filter((holds) => holds).length} of ${pairs.length}`;
}
