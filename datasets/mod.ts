/**
 * The data sets of the paper, the disturbances of their training images, and batches of both.
 *
 * @example A disturbed batch
 * ```ts
 * import {
 *   compileDisturbance,
 *   fillBatch,
 *   loadTrain,
 *   stratifiedSubset,
 *   uniformDisturbance,
 * } from "@mddes/mddes/datasets";
 *
 * const split = await loadTrain("synthetic");
 * const indices = stratifiedSubset(split, 1000, 7);
 * const spec = { classes: 10, pixels: 1, shape: split.shape };
 * const disturbance = compileDisturbance(uniformDisturbance(7, spec));
 * const images = new Float32Array(32 * 28 * 28);
 * const labels = new Uint8Array(32);
 * fillBatch({ split, indices, start: 0, count: 32, disturbance, images, labels });
 * ```
 *
 * @module
 */
export { Random, type RandomState } from "../random.ts";
export * from "./disturbance/apply.ts";
export * from "./augmentation.ts";
export * from "./disturbance/baselines.ts";
export * from "./batch.ts";
export { checkDisturbance } from "./disturbance/check.ts";
export { cacheDirectory, type Manifest, readManifest } from "./published/cache.ts";
export * from "./published/catalog.ts";
export type * from "./published/known_dataset.ts";
export type { Content } from "./published/contents.ts";
export { type DownloadOptions, type DownloadProgress } from "./published/download.ts";
export * from "./published/fetch_dataset.ts";
export * from "./identity.ts";
export { type Imported, importFiles } from "./published/import_files.ts";
export * from "./load.ts";
export { onePixelShortcut } from "./disturbance/one_pixel_shortcut.ts";
export * from "./disturbance/perturbation.ts";
export * from "./split.ts";
export * from "./subset.ts";
export * from "./synthetic.ts";
