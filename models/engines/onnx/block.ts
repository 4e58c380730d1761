import * as ort from "onnxruntime-node";
import { Graph } from "./graph.ts";
import { nchwc } from "./layout.ts";

let probed: Promise<number> | undefined;

/**
 * The channels of a block in ONNX Runtime's blocked layout on this processor: 16 with AVX-512, 8
 * with AVX2, and 1 where there is none, as on 64-bit ARM. Found by looking at how it orders 32
 * numbered channels.
 */
export function blockSize(): Promise<number> {
  return probed ??= probe();
}

async function probe(): Promise<number> {
  const graph = new Graph();
  const [channels, pixels] = [32, 4];
  const x = graph.input("x", [1, channels, 2, 2]);
  graph.rename(graph.node("ReorderInput", [x], nchwc), "y");
  graph.output("y", [1, channels, 2, 2]);
  try {
    const session = await ort.InferenceSession.create(graph.encode(), { logSeverityLevel: 4 });
    const numbers = Float32Array.from({ length: channels * pixels }, (_, i) => i);
    const { y } = await session.run({ x: new ort.Tensor(numbers, [1, channels, 2, 2]) });
    await session.release();
    // The second pixel of the first channel follows the first pixel of all channels of the block.
    return (y!.data as Float32Array).indexOf(1);
  } catch {
    return 1;
  }
}
