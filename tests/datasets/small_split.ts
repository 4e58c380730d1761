import { checkedSplit, type Shape, sharedBytes, type Split } from "../../datasets/mod.ts";

/** A training split with these labels, whose image `n` has the bytes `pixel(n, place)`. */
export function smallSplit(
  labels: readonly number[],
  shape: Shape,
  pixel: (image: number, place: number) => number,
  classes = 10,
): Split<"train"> {
  const size = shape[0] * shape[1] * shape[2];
  const images = sharedBytes(labels.length * size);
  images.forEach((_, i) => images[i] = pixel(Math.floor(i / size), i % size));
  const shared = sharedBytes(labels.length);
  shared.set(labels);
  return checkedSplit({
    dataset: "small",
    split: "train",
    images,
    labels: shared,
    count: labels.length,
    shape,
    classNames: Array.from({ length: classes }, (_, i) => `${i}`),
    source: "made by a test",
  });
}
