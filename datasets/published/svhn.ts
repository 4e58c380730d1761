/**
 * SVHN, cropped digits (Netzer et al. 2011): house numbers from street views. Its 531,131 `extra`
 * images are not used.
 *
 * @module
 */
import type { KnownDataset } from "./known_dataset.ts";

const TRAIN = "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8";
const TEST = "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b";

/** SVHN. */
export const svhn: KnownDataset<"svhn"> = {
  name: "svhn",
  title: "SVHN (cropped)",
  shape: [3, 32, 32],
  classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  flips: false,
  counts: { train: 73_257, test: 26_032 },
  licence: "non-commercial use only",
  homepage: "http://ufldl.stanford.edu/housenumbers/",
  format: "svhn-mat",
  mirrors: ["http://ufldl.stanford.edu/housenumbers/"],
  files: [
    { name: "train_32x32.mat", bytes: 182_040_794, sha256: TRAIN },
    { name: "test_32x32.mat", bytes: 64_275_384, sha256: TEST },
  ],
  contents: [
    { name: "train_32x32.mat", sha256: TRAIN, split: "train" },
    { name: "test_32x32.mat", sha256: TEST, split: "test" },
  ],
};
