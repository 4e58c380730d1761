import type { Random } from "../random.ts";
import type { ParameterShape } from "./shape.ts";

/**
 * Draws a parameter in place: weights uniform in ±sqrt(6 / fanIn) (He et al., arXiv 1502.01852),
 * vectors constant.
 */
export function drawParameter(
  values: Float32Array,
  { fanIn, initial }: ParameterShape,
  random: Random,
): void {
  if (fanIn === 0) {
    values.fill(initial);
    return;
  }
  const bound = Math.sqrt(6 / fanIn);
  const scale = 2 * bound / 4294967296;
  for (let i = 0; i < values.length; i++) values[i] = random.uint32() * scale - bound;
}
