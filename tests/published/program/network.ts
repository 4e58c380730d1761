import type { ImageShape, Network } from "@mddes/mddes/models";
import { squareOf } from "own-name";

export default (input: ImageShape, classes: number): Network => ({
  name: "tiny",
  input,
  classes,
  layers: [
    { kind: "max_pool", name: "pool", size: squareOf(2) },
    { kind: "flatten", name: "flatten" },
    { kind: "dense", name: "dense", units: classes },
  ],
});
