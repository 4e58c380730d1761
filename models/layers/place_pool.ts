import type { LayerCheck } from "./layer_check.ts";
import { type Placement, plain } from "./layer_kind.ts";

/** Places a layer of square windows that do not overlap. */
export function placePool({ size }: { readonly size: number }, check: LayerCheck): Placement {
  const [channels, height, width] = check.image();
  check.positive({ size });
  const sides = [Math.floor(height / size), Math.floor(width / size)];
  check.fits(sides, `${size}x${size} window`);
  return plain([channels, ...sides]);
}
