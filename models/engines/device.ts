/** Where an engine computes: the processor, or one GPU counted from 0. */
export type Device = { readonly type: "cpu" } | { readonly type: "gpu"; readonly index: number };

/** A device that was asked for and cannot be used here. */
export class DeviceUnavailable extends Error {
  /** The name of this class. */
  override readonly name = "DeviceUnavailable";

  /**
   * Says which device and why.
   *
   * @param device What was asked for.
   * @param reason What is missing, as the end of a sentence.
   */
  constructor(readonly device: Device, readonly reason: string) {
    super(`Cannot use ${formatDevice(device)}: ${reason}`);
  }
}

/**
 * Reads `cpu` or `gpu:INDEX`.
 *
 * @throws {SyntaxError} If the text is neither.
 */
export function parseDevice(text: string): Device {
  if (text === "cpu") return { type: "cpu" };
  const match = /^gpu:(\d{1,3})$/.exec(text);
  if (match) return { type: "gpu", index: Number(match[1]) };
  throw new SyntaxError(`Cannot read device: expected cpu or gpu:INDEX, received "${text}"`);
}

/** The text that {@linkcode parseDevice} reads. */
export function formatDevice(device: Device): string {
  return device.type === "cpu" ? "cpu" : `gpu:${device.index}`;
}
