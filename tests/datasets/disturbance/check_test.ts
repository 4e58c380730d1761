import { assertEquals, assertThrows } from "@std/assert";
import { checkDisturbance, uniformDisturbance } from "../../../datasets/mod.ts";

const pixel = { row: 1, column: 2, value: [0.5] };
const whole = { mode: "add", shape: [1, 2, 3], classes: [[pixel], [], [pixel, pixel]] };

Deno.test("a disturbance is taken as it is written, with pixels on one spot and classes without any", () => {
  assertEquals<unknown>(checkDisturbance(structuredClone(whole)), whole);
  const drawn = uniformDisturbance(4, { classes: 5, pixels: 3, shape: [3, 7, 9] });
  assertEquals(checkDisturbance(JSON.parse(JSON.stringify(drawn))), drawn);
});

Deno.test("what is wrong is one line with the place, what was expected and what was received", () => {
  const withPixel = (change: object) => ({
    ...whole,
    classes: [[], [pixel, { ...pixel, ...change }]],
  });
  const cases: [unknown, string][] = [
    [null, "expected an object with mode, shape and classes, received null"],
    [[], "expected an object with mode, shape and classes, received []"],
    [undefined, "expected an object with mode, shape and classes, received undefined"],
    [{}, "mode is missing"],
    [{ ...whole, mode: "ad" }, 'mode must be add or replace, received "ad"'],
    [{ ...whole, note: 3 }, "note is not known"],
    [{ ...whole, shape: undefined }, "shape is missing"],
    [{ ...whole, shape: [2, 3] }, "three positive integers, received [2,3]"],
    [{ ...whole, shape: [1, 2, 3, 4] }, "three positive integers, received [1,2,3,4]"],
    [{ ...whole, shape: [1, 2, 0] }, "shape must be [channels, height, width], three"],
    [{ ...whole, classes: { "0": [] } }, "classes must be a list with the pixels of each class"],
    [{ ...whole, classes: [pixel] }, "class 0 must be a list of pixels, received {"],
    [{ ...whole, classes: [[], [7]] }, "pixel 0 of class 1 must be an object with row, column and"],
    [withPixel({ row: -1 }), "row of pixel 1 of class 1 must be an integer from 0, received -1"],
    [
      withPixel({ column: "2" }),
      'column of pixel 1 of class 1 must be an integer from 0, received "2"',
    ],
    [withPixel({ row: undefined }), "row of pixel 1 of class 1 is missing"],
    [withPixel({ red: 1 }), "red of pixel 1 of class 1 is not known"],
    [withPixel({ row: 2 }), "must lie in 2 rows and 3 columns, received row 2, column 2"],
    [withPixel({ column: 3 }), "must lie in 2 rows and 3 columns, received row 1, column 3"],
    [withPixel({ value: 1 }), "must be a list with a number for each channel, received 1"],
    [withPixel({ value: [1, 1, 1] }), "pixel 1 of class 1 must have 1 value, received 3"],
    [withPixel({ value: [1.01] }), "value 0 of pixel 1 of class 1 must be a number from -1 to 1"],
    [withPixel({ value: [-1.01] }), "value 0 of pixel 1 of class 1 must be a number from -1 to 1"],
    [withPixel({ value: [NaN] }), "must be a number from -1 to 1, received NaN"],
    [{ ...whole, mode: "x".repeat(1000) }, `received "${"x".repeat(59)}...`],
  ];
  for (const [content, message] of cases) {
    const error = assertThrows(() => checkDisturbance(content, "a.json"), Error, message);
    assertEquals([error.message.slice(0, 19), error.message.includes("\n")], [
      "Cannot use a.json: ",
      false,
    ]);
  }
});
