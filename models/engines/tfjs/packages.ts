/**
 * The packages of TensorFlow.js. They are named in full, here and nowhere else: a name in the import
 * map of `deno.json` would have every task fetch them, asked for or not.
 *
 * @module
 */
// deno-lint-ignore-file no-import-prefix
export * as tf from "npm:@tensorflow/tfjs@4.22.0";

/** Registers the backend `wasm`. */
export const loadWasm = () => import("npm:@tensorflow/tfjs-backend-wasm@4.22.0");

/** What that backend reads, where there is SIMD and one thread. */
export const wasmBinary =
  "npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/tfjs-backend-wasm-simd.wasm";

/** Registers the backend `webgpu`. */
export const loadWebgpu = () => import("npm:@tensorflow/tfjs-backend-webgpu@4.22.0");

// A literal in the import would have the package fetched for the other backends, too.
const tensorflow: string = "npm:@tensorflow/tfjs-node-gpu@4.22.0";

/** Registers the backend `tensorflow`. */
export const loadTensorflow = (): Promise<unknown> => import(tensorflow);

/** How to install what `tensorflow` needs. */
export const installTensorflow = 'set "nodeModulesDir": "auto" in deno.json and run ' +
  `\`deno install --allow-scripts=npm:@tensorflow/tfjs-node-gpu ${tensorflow}\``;
