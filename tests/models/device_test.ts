import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import {
  createEngine,
  DeviceUnavailable,
  formatDevice,
  grayNet,
  optimizerByName,
  parseDevice,
} from "../../models/mod.ts";

Deno.test("a device is read back as it was written", () => {
  for (const text of ["cpu", "gpu:0", "gpu:12"]) {
    assertEquals(formatDevice(parseDevice(text)), text);
  }
});

Deno.test("a text that is no device is refused", () => {
  for (const text of ["", "gpu", "gpu:", "gpu:-1", "gpu:1.5", "tpu:0", " cpu"]) {
    assertThrows(
      () => parseDevice(text),
      SyntaxError,
      `expected cpu or gpu:INDEX, received "${text}"`,
    );
  }
});

Deno.test("a GPU that is not there is refused in one line", async () => {
  const device = parseDevice("gpu:999");
  const error = await assertRejects(
    () =>
      createEngine({
        network: grayNet([1, 28, 28], 10),
        optimizer: optimizerByName("adam").optimizer,
        batchSize: 8,
        device,
      }),
    DeviceUnavailable,
    "Cannot use gpu:999",
  );
  assertEquals(error.message.includes("\n"), false);
  // What both need is said once.
  assertStringIncludes(
    error.message,
    "tfjs/webgpu and onnx/webgpu: WebGPU in Deno offers the first card only",
  );
});
