import util from "node:util";
import { type Device, DeviceUnavailable } from "../device.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";
import { installTensorflow, loadTensorflow, tf } from "./packages.ts";

/**
 * Starts TensorFlow on one NVIDIA card. It would take the last card that it sees, so this process is
 * pinned to the one asked for: another one needs another process.
 *
 * @param load Loads the package that registers the backend.
 * @throws {DeviceUnavailable} If the addon is not installed, if the card is hidden, or if
 * TensorFlow would compute on the processor.
 */
export async function openTensorflow(
  device: Device,
  load: () => Promise<unknown> = loadTensorflow,
): Promise<OpenBackend> {
  const unpin = pinProcess(device);
  // Several processes may share a card.
  Deno.env.set("TF_FORCE_GPU_ALLOW_GROWTH", "true");
  // Version 4.22.0 still calls this, and Node and Deno have removed it.
  const removed = util as { isNullOrUndefined?: (value: unknown) => boolean };
  removed.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    await load();
  } catch (error) {
    unpin();
    const message = (error as Error).message.split("\n")[0]!;
    throw new DeviceUnavailable(
      device,
      message.includes("tfjs_binding.node")
        ? `TensorFlow's addon is not installed; ${installTensorflow}`
        : `TensorFlow's addon cannot be loaded: ${message}`,
    );
  }
  const started = await tf.setBackend("tensorflow");
  const backend = tf.backend() as unknown as { readonly isUsingGpuDevice?: boolean };
  if (!started || backend.isUsingGpuDevice !== true) {
    throw new DeviceUnavailable(
      device,
      "TensorFlow cannot use the card and would compute on the processor; install NVIDIA's driver, " +
        "CUDA 11.2 and cuDNN 8.1, and see that `ldconfig -p` lists libcudart.so.11.0 and libcudnn.so.8",
    );
  }
  return { name: "tensorflow", read: readTensor };
}

/** Remembers the pinned card for the other threads of this process. */
const pinned = "MDDES_PINNED_GPU";
const visibleCards = "CUDA_VISIBLE_DEVICES";

/**
 * Shows this process one card only.
 *
 * @returns What undoes it.
 */
function pinProcess(device: Device): () => void {
  if (device.type === "cpu") return () => {};
  const index = String(device.index);
  const already = Deno.env.get(pinned);
  if (already === index) return () => {};
  if (already !== undefined) {
    throw new DeviceUnavailable(
      device,
      `this process computes on gpu:${already}, and TensorFlow needs one process for each card`,
    );
  }
  const given = Deno.env.get(visibleCards);
  const cards = given?.split(",").filter((card) => card !== "" && card !== "-1");
  const card = cards ? cards[device.index] : index;
  if (card === undefined) {
    throw new DeviceUnavailable(
      device,
      `${visibleCards}="${given}" shows ${cards!.length} cards to this process`,
    );
  }
  Deno.env.set(pinned, index);
  Deno.env.set(visibleCards, card);
  return () => {
    Deno.env.delete(pinned);
    if (given === undefined) Deno.env.delete(visibleCards);
    else Deno.env.set(visibleCards, given);
  };
}
