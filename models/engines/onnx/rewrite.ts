import { convPadding } from "../../layers/conv.ts";
import type { PlacedLayer } from "../../network.ts";
import { onnxLayers } from "./layers.ts";
import type { Fusion } from "./layers/rule.ts";

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

/**
 * Finds the layers that can be computed as one.
 *
 * @param pools Whether convolutions are to compute the pooling after them, which helps a gradient.
 * @returns The fusion of each layer that has one, by its name.
 */
export function findFusions(
  places: readonly PlacedLayer[],
  pools: boolean,
): ReadonlyMap<string, Fusion> {
  const fusions = new Map<string, Fusion>();
  for (const { layer, inputs } of places) {
    const source = places.find((place) => place.layer.name === inputs[0]);
    if (!source || readers(places, source.layer.name) !== 1) continue;
    if (layer.kind === "relu" && onnxLayers[source.layer.kind].takesRelu) {
      fusions.set(source.layer.name, "with_relu").set(layer.name, "done");
    } else if (layer.kind === "max_pool" && layer.size === 2 && pools && inFours(source)) {
      fusions.set(source.layer.name, "with_pool").set(layer.name, "done");
    }
  }
  return fusions;
}

/** Whether a layer is a convolution whose every fourth pixel is a convolution of stride 2. */
function inFours({ layer, outputShape }: PlacedLayer): boolean {
  return layer.kind === "conv" && (layer.stride ?? 1) === 1 && convPadding(layer)[0] > 0 &&
    outputShape[1]! % 2 === 0 && outputShape[2]! % 2 === 0;
}

function readers(places: readonly PlacedLayer[], name: string): number {
  return places.filter(({ inputs }) => inputs.includes(name)).length;
}
