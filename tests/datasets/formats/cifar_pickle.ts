import { type Bytes, concat } from "../small_set.ts";

function little(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255);
}

/**
 * A batch of `cifar-10-python.tar.gz` as Python 2's cPickle wrote it (protocol 2), instruction by
 * instruction as `python3 -m pickletools data_batch_1` lists them.
 */
export function cifarPickle(images: Uint8Array, labels: Uint8Array): Bytes {
  const count = labels.length;
  const text = (value: string) => concat("U", [value.length], value);
  const image = (i: number) => concat(text(`image_${i}.png`), "q", [20]);
  return concat(
    [0x80, 2],
    "}q\x01(",
    text("batch_label"),
    "q\x02",
    text("training batch 1 of 5"),
    "q\x03",
    text("labels"),
    "q\x04]q\x05(",
    Array.from(labels, (label) => [0x4b, label]).flat(),
    "e",
    text("data"),
    "q\x06cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\0\x85",
    text("b"),
    "\x87Rq\x09(K\x01M",
    little(count, 2),
    "M",
    little(3072, 2),
    "\x86cnumpy\ndtype\nq\x0a",
    text("u1"),
    "K\0K\x01\x87Rq\x0b(K\x03",
    text("|"),
    "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T",
    little(images.length, 4),
    images,
    "r",
    little(300, 4),
    "tb",
    text("filenames"),
    "q\x0d]q\x0e(",
    ...Array.from({ length: count }, (_, i) => image(i)),
    "eu.",
  );
}
