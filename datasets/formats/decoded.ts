/** What one published file holds: images in N, C, H, W order, or labels, or both. */
export interface Decoded {
  /** Values 0 to 255. */
  readonly images?: Uint8Array;
  /** One byte per image. */
  readonly labels?: Uint8Array;
}
