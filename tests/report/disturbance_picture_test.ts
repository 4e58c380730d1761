import { assertEquals, assertStringIncludes } from "@std/assert";
import { decode } from "fast-png";
import { syntheticSplit, uniformDisturbance } from "../../datasets/mod.ts";
import { disturbancePicture } from "../../report/figures/disturbance_picture.ts";

Deno.test("the picture shows each class clean and disturbed, and marks the pixels", () => {
  const split = syntheticSplit("train", { count: 50 });
  const spec = { classes: 10, pixels: 2, shape: split.shape };
  const disturbance = uniformDisturbance(3, spec);
  const svg = disturbancePicture(split, disturbance, `a < b & "c"`);

  assertStringIncludes(svg, "a &#60; b &#38; &#34;c&#34;");
  const images = [...svg.matchAll(/base64,([^"]+)"/g)]
    .map(([, text]) => decode(Uint8Array.fromBase64(text!)).data);
  assertEquals(images.length, 20);
  assertEquals([...svg.matchAll(/class="mark"/g)].length, 20);
  const [clean, disturbed] = [images[0]!, images[1]!];
  const changed = [...clean].flatMap((value, pixel) => value === disturbed[pixel] ? [] : [pixel]);
  const places = disturbance.classes[0]!.map(({ row, column }) => row * split.shape[2] + column);
  assertEquals(changed.every((pixel) => places.includes(pixel)), true);
});
