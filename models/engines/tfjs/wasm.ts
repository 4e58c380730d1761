import { fileURLToPath } from "node:url";
import { reads, requirePermissions } from "../../../permissions.ts";
import { type OpenBackend, readTensor } from "./open_backend.ts";
import { loadWasm, tf, wasmBinary } from "./packages.ts";

/**
 * Starts TensorFlow.js' WebAssembly backend on one thread, with the kernels that it lacks.
 *
 * @throws {ConfigurationError} If Deno does not allow what it needs.
 */
export async function openWasm(): Promise<OpenBackend> {
  await loadWasm();
  // Without it, it prints a lot and says nothing.
  requirePermissions([reads(fileURLToPath(import.meta.resolve(wasmBinary)), "TensorFlow.js")]);
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  if (!await tf.setBackend("wasm")) throw new Error("TensorFlow.js could not start WebAssembly");
  refuseMissingMemory();
  registerKernel("Conv2DBackpropFilter", convFilterGradient);
  registerKernel("MaxPoolGrad", maxPoolGradient);
  return { name: "wasm", read: readTensor };
}

/** The backend would write to address 0 where it gets no memory, and so over other tensors. */
function refuseMissingMemory(): void {
  const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } };
  // Its first call replaces the function.
  wasm._malloc(1);
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    // More than this would be taken modulo 2^32.
    const address = bytes < 2 ** 31 ? allocate(bytes) : 0;
    if (address === 0 && bytes > 0) {
      throw new RangeError(`WebAssembly has no memory for ${bytes} bytes`);
    }
    return address;
  };
}

function registerKernel(
  kernelName: string,
  gradient: (inputs: never, attributes: never) => tf.Tensor,
) {
  const backendName = "wasm";
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => tf.tidy(() => gradient(inputs as never, attrs as never)),
  });
}

/**
 * The backend has no kernel for this (https://github.com/tensorflow/tfjs/issues/8474).
 * `dL/dW[k, c, o] = sum over samples and pixels p of x[stride p + k - before, c] dL/dy[p, o]`: a
 * convolution whose images are the channels and whose kernel is the gradient of the output.
 */
function convFilterGradient(
  { x, dy }: { readonly x: tf.Tensor4D; readonly dy: tf.Tensor4D },
  { strides, pad, filterShape }: {
    readonly strides: number | [number, number];
    readonly pad: "same" | "valid";
    readonly filterShape: [number, number, number, number];
  },
): tf.Tensor {
  const [height, width, inputs, outputs] = filterShape;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { top, bottom, left, right } = info.padInfo;
  const images = tf.transpose(tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), [
    3,
    1,
    2,
    0,
  ]);
  const kernel = tf.transpose(dy, [1, 2, 0, 3]);
  const gradient = tf.conv2d(images, kernel, 1, "valid", "NHWC", strides);
  // Pixels that the stride leaves over make it too big.
  return tf.transpose(tf.slice(gradient, 0, [inputs, height, width, outputs]), [1, 2, 0, 3]);
}

/**
 * The backend's own kernel drops the gradient of windows whose maximum is not positive. Here, for pools
 * without padding, `dL/dx = dL/dy [x is the first of the window, row by row, that is the maximum]`.
 */
function maxPoolGradient(
  { dy, input }: { readonly dy: tf.Tensor4D; readonly input: tf.Tensor4D },
  { filterSize: size, strides: stride }: { readonly filterSize: number; readonly strides: number },
): tf.Tensor {
  const [samples, height, width, channels] = input.shape;
  const [, rows, columns] = dy.shape;
  const [pixels, slopes] = [input.dataSync(), dy.dataSync()];
  const gradient = new Float32Array(pixels.length);
  let output = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const corner = ((sample * height + row * stride) * width + column * stride) * channels;
        for (let channel = 0; channel < channels; channel++) {
          let highest = corner + channel;
          for (let i = 0; i < size; i++) {
            for (let j = 0; j < size; j++) {
              const pixel = corner + (i * width + j) * channels + channel;
              if (pixels[pixel]! > pixels[highest]!) highest = pixel;
            }
          }
          gradient[highest]! += slopes[output++]!;
        }
      }
    }
  }
  return tf.tensor(gradient, input.shape);
}
