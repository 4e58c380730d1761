import { assert, assertEquals, assertThrows } from "@std/assert";
import { crc32, deflateSync } from "node:zlib";
import { readPng } from "../../../datasets/formats/png.ts";
import { type Bytes, concat, randomBytes } from "../small_set.ts";

const [WIDTH, HEIGHT] = [5, 3];
const GREY = 0;
const RGB = 2;
const PALETTE = 3;

interface Head {
  readonly depth?: number;
  readonly colour?: number;
  readonly interlaced?: boolean;
}

const uint32 = (value: number) => [24, 16, 8, 0].map((bits) => (value >>> bits) & 255);

function chunk(type: string, data: Uint8Array | readonly number[] | string = []): Bytes {
  const body = concat(type, data);
  return concat(uint32(body.length - 4), body, uint32(crc32(body)));
}

/** A PNG file of its chunks. */
function png(
  scanlines: Uint8Array,
  { depth = 8, colour = GREY, interlaced = false }: Head = {},
  ...before: Uint8Array[]
): Bytes {
  return concat(
    [137, 80, 78, 71, 13, 10, 26, 10],
    chunk("IHDR", [...uint32(WIDTH), ...uint32(HEIGHT), depth, colour, 0, 0, interlaced ? 1 : 0]),
    ...before,
    chunk("IDAT", deflateSync(scanlines)),
    chunk("IEND"),
  );
}

/** Rows without a filter. */
function rows(pixels: Uint8Array, columns: number): Bytes {
  const row = (at: number) => [0, ...pixels.subarray(at, at + columns)];
  return concat(Array.from({ length: pixels.length / columns }, (_, i) => row(i * columns)).flat());
}

const grey = randomBytes(WIDTH * HEIGHT, 1);
const colours = randomBytes(3 * WIDTH * HEIGHT, 2);
const planes = (pixels: Uint8Array) =>
  [0, 1, 2].flatMap((channel) => [...pixels].filter((_, i) => i % 3 === channel));
const damaged = (bytes: Bytes) => bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1) as Bytes;

Deno.test("a palette that an RGB image suggests for poor displays changes nothing", () => {
  const suggested = chunk("PLTE", [1, 2, 3, 4, 5, 6]);
  const image = readPng(png(rows(colours, 3 * WIDTH), { colour: RGB }, suggested), "a.png");
  assertEquals(image.shape, [3, HEIGHT, WIDTH]);
  assertEquals([...image.values], planes(colours));
});

Deno.test("chunks that the pixels do not need may be damaged, or of any length", async (t) => {
  const cases: [string, Uint8Array[]][] = [
    ["a text with a wrong checksum", [damaged(chunk("tEXt", "Title\0cat"))]],
    ["a text without a keyword", [chunk("tEXt", "\0cat")]],
    ["a text without an end of its keyword", [chunk("tEXt", "cat")]],
    ["texts that do not unpack", [chunk("zTXt", "a\0\0xx"), chunk("iTXt", "a\0\x01\0\0\0xx")]],
    ["a colour profile that does not unpack", [chunk("iCCP", "sRGB\0\0xx")]],
    ["a resolution that is too short", [chunk("pHYs", [1, 2])]],
    ["an unknown one", [chunk("prVt", [1, 2, 3])]],
    ["70 kB of notes", [chunk("eXIf", new Uint8Array(70_000))]],
  ];
  for (const [name, chunks] of cases) {
    await t.step(name, () => {
      assertEquals([...readPng(png(rows(grey, WIDTH), {}, ...chunks), "a.png").values], [...grey]);
    });
  }
});

Deno.test("an interlaced image is the same image", () => {
  const passes = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4]].concat(
    [[0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]],
  );
  const scanlines: number[] = [];
  for (const [left, top, across, down] of passes as [number, number, number, number][]) {
    for (let row = top; row < HEIGHT && left < WIDTH; row += down) {
      scanlines.push(0);
      for (let column = left; column < WIDTH; column += across) {
        scanlines.push(...colours.subarray(3 * (row * WIDTH + column)).subarray(0, 3));
      }
    }
  }
  const head = { colour: RGB, interlaced: true };
  assertEquals([...readPng(png(concat(scanlines), head), "a.png").values], planes(colours));
  assertThrows(
    () => readPng(png(concat(scanlines.slice(0, -1)), head), "a.png"),
    SyntaxError,
    `expected image data of ${scanlines.length} bytes, received ${scanlines.length - 1}`,
  );
});

Deno.test("image data may be in several chunks", () => {
  const packed = deflateSync(rows(grey, WIDTH));
  const whole = png(rows(grey, WIDTH));
  const parts = [0, 1, 7].map((at, i, cuts) => chunk("IDAT", packed.subarray(at, cuts[i + 1])));
  const cut = concat(whole.subarray(0, 33), ...parts, chunk("IEND"));
  assertEquals([...readPng(cut, "a.png").values], [...grey]);
  const gap = concat(whole.subarray(0, 33), parts[0]!, parts[2]!, chunk("IEND"));
  assertThrows(() => readPng(gap, "a.png"), SyntaxError, "image data are damaged or cut");
});

Deno.test("what is not the whole of an 8-bit grey or RGB image is refused in one line", async (t) => {
  const good = rows(grey, WIDTH);
  const whole = png(good);
  const bits = new Uint8Array(2 * HEIGHT);
  const refused = (kind: string) => `expected 8-bit grey or RGB, received ${kind}`;
  const wide = whole.with(19, 0) as Bytes;
  const cases: [string, Bytes, string][] = [
    ["1 bit", png(bits, { depth: 1 }), refused("1 channels of 1 bits")],
    ["16 bits", png(rows(randomBytes(30, 3), 10), { depth: 16 }), refused("1 channels of 16 bits")],
    [
      "a palette",
      png(good, { colour: PALETTE }, chunk("PLTE", randomBytes(768, 4))),
      refused("a palette"),
    ],
    [
      "grey with alpha",
      png(rows(randomBytes(30, 3), 10), { colour: 4 }),
      refused("2 channels of 8 bits"),
    ],
    ["a transparent colour", png(good, {}, chunk("tRNS", [0, 7])), refused("a transparent colour")],
    [
      "an animation",
      png(good, {}, chunk("acTL", [0, 0, 0, 2, 0, 0, 0, 0])),
      refused("an animation"),
    ],
    ["no width", wide.with(18, 0) as Bytes, "expected at most 1024 x 1024, received 3 x 0"],
    ["a row that is cut", png(good.slice(0, -1)), "expected image data of 18 bytes, received 17"],
    ["data for more", png(concat(good, [0])), "expected image data of 18 bytes, received more"],
    ["a chunk that must be understood", png(good, {}, chunk("CgBI")), 'a chunk "CgBI" at byte 33'],
    ["a second head", png(good, {}, whole.slice(8, 33)), 'a chunk "IHDR" at byte 33'],
    ["a damaged head", whole.with(32, whole[32]! ^ 1) as Bytes, "CRC mismatch for chunk IHDR"],
    ["no end", whole.slice(0, -12), "it is cut"],
    ["a photograph by another name", concat([0xff, 0xd8, 0xff, 0xe0], good, good), "like one"],
  ];
  for (const [name, bytes, why] of cases) {
    await t.step(name, () => {
      const { message } = assertThrows(() => readPng(bytes, "cat/1.png"), SyntaxError, why);
      assert(/^Cannot read the PNG file cat\/1\.png: [^\n]+$/.test(message), message);
    });
  }
});
