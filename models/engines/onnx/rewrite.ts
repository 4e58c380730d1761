import type { PlacedLayer } from "../../network.ts";

/**
 * Moves max pooling before the ReLU that it alone reads. Both orders give the same numbers, and
 * this one has a ReLU of fewer pixels.
 */
export function poolBeforeRelu(places: readonly PlacedLayer[]): readonly PlacedLayer[] {
  const result = [...places];
  for (const [index, pool] of places.entries()) {
    const at = places.findIndex(({ layer }) => layer.name === pool.inputs[0]);
    const relu = result[at];
    if (pool.layer.kind !== "max_pool" || relu?.layer.kind !== "relu") continue;
    if (readers(places, relu.layer.name) !== 1) continue;
    // Neither has parameters, so they can trade their names along with their places.
    result[at] = { ...pool, layer: { ...pool.layer, name: relu.layer.name }, inputs: relu.inputs };
    result[index] = {
      ...relu,
      layer: { ...relu.layer, name: pool.layer.name },
      inputs: pool.inputs,
      inputShapes: [pool.outputShape],
      outputShape: pool.outputShape,
    };
  }
  return result;
}

/** The names of convolutions, and of the ReLUs that alone read them, that can be computed as one. */
export function fusedWithRelu(places: readonly PlacedLayer[]): ReadonlySet<string> {
  const fused = new Set<string>();
  for (const { layer, inputs } of places) {
    const source = places.find((place) => place.layer.name === inputs[0]);
    if (layer.kind !== "relu" || source?.layer.kind !== "conv") continue;
    if (readers(places, source.layer.name) === 1) fused.add(layer.name).add(source.layer.name);
  }
  return fused;
}

function readers(places: readonly PlacedLayer[], name: string): number {
  return places.filter(({ inputs }) => inputs.includes(name)).length;
}
