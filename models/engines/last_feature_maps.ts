import { kindOf } from "../layers.ts";
import { type Network, type PlacedLayer, placeLayers } from "../network.ts";

/**
 * The feature maps that the last convolution of those that the logits depend on leads to: behind
 * its normalisation and ReLU, and what else there is before pooling, flattening or a dense layer.
 *
 * @throws {TypeError} If there is no convolution.
 */
export function lastFeatureMaps(network: Network): PlacedLayer {
  const placed = placeLayers(network);
  const needed = new Set([placed.at(-1)!.layer.name]);
  for (const { layer, inputs } of placed.toReversed()) {
    if (needed.has(layer.name)) inputs.forEach((name) => needed.add(name));
  }
  const used = placed.filter(({ layer }) => needed.has(layer.name));
  const from = used.findLastIndex(({ layer }) => kindOf(layer).featureMaps === "makes");
  if (from < 0) throw new TypeError(`Cannot compute Grad-CAM: ${network.name} has no convolution`);
  let last = used[from]!;
  const reached = new Set([last.layer.name]);
  for (const place of used.slice(from + 1)) {
    const follows = place.inputs.some((name) => reached.has(name));
    if (!follows || kindOf(place.layer).featureMaps !== "keeps") continue;
    reached.add(place.layer.name);
    last = place;
  }
  return last;
}
