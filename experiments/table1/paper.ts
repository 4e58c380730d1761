/**
 * Table 1 of the paper (arXiv 2003.06646): accuracy on the clean test images of SVHN in per cent,
 * mean and deviation over three repeats of 30 epochs with augmentation.
 *
 * @module
 */

/** A mean and its standard deviation, in per cent. */
export type PaperCell = readonly [mean: number, deviation: number];

/** The set that the paper's table is about. */
export const PAPER_DATASET = "svhn";

const table: Readonly<Record<string, Readonly<Record<string, PaperCell>>>> = {
  "clean": { resnet20: [93.5, 0.9], resnet32: [92.8, 1.0], densenet40: [92.3, 1.2] },
  "uniform 1 px": { resnet20: [30.3, 8.6], resnet32: [41.4, 8.9], densenet40: [36.3, 4.2] },
  "leftmost 1 px": { resnet20: [91.8, 0.2], resnet32: [90.9, 1.8], densenet40: [91.0, 0.4] },
  "mddes 1 px": { resnet20: [31.3, 6.3], resnet32: [37.2, 10.4], densenet40: [32.1, 9.4] },
  "mddes 2 px": { resnet20: [14.9, 2.4], resnet32: [18.4, 3.8], densenet40: [18.8, 4.7] },
  "mddes 5 px": { resnet20: [9.3, 0.9], resnet32: [11.0, 0.3], densenet40: [16.1, 8.4] },
};

/** The networks of the paper's table. */
export const PAPER_NETWORKS = ["resnet20", "resnet32", "densenet40"] as const;

/** Whether the paper's table has this network, on these images. */
export function isInPaper(dataset: string, network: string): boolean {
  return dataset === PAPER_DATASET && paperNetworkFor(network) === network;
}

/** The network of the paper's table that another one is shown next to: itself, if it is there. */
export function paperNetworkFor(network: string): string {
  return PAPER_NETWORKS.find((name) => name === network) ?? PAPER_NETWORKS[0];
}

/**
 * What the paper found.
 *
 * @param network One of {@linkcode PAPER_NETWORKS}.
 * @param row Such as `mddes 1 px`.
 * @returns `undefined` where the paper's table has nothing.
 */
export function paperCell(network: string, row: string): PaperCell | undefined {
  return table[row]?.[network];
}
