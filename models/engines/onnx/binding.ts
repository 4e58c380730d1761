/**
 * Where ONNX Runtime's package has the native library that it loads.
 *
 * @module
 */
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Its path. */
export function onnxBinding(): string {
  const path = `bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`;
  return fileURLToPath(new URL(path, import.meta.resolve("onnxruntime-node/package.json")));
}
