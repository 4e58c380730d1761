import { type Network, type PlacedLayer, placeLayers } from "../network.ts";

/**
 * The last convolution that the logits depend on.
 *
 * @throws {TypeError} If there is none.
 */
export function lastConvolution(network: Network): PlacedLayer {
  const needed = new Set<string>();
  for (const place of placeLayers(network).toReversed()) {
    const { layer, inputs } = place;
    if (needed.size > 0 && !needed.has(layer.name)) continue;
    if (layer.kind === "conv") return place;
    for (const name of [layer.name, ...inputs]) needed.add(name);
  }
  throw new TypeError(`Cannot compute Grad-CAM: ${network.name} has no convolution`);
}
