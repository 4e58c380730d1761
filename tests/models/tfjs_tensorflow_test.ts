import { assert, assertEquals, assertRejects } from "@std/assert";
import { tf } from "../../models/engines/tfjs/packages.ts";
import { DeviceUnavailable } from "../../models/mod.ts";
import { openTensorflow } from "../../models/engines/tfjs/tensorflow.ts";

const device = { type: "gpu", index: 1 } as const;

/** Runs with some environment variables, and takes back what was changed. */
async function withEnvironment(
  values: Readonly<Record<string, string>>,
  body: () => Promise<void>,
): Promise<void> {
  const names = ["CUDA_VISIBLE_DEVICES", "MDDES_PINNED_GPU", "TF_FORCE_GPU_ALLOW_GROWTH"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of names) Deno.env.delete(name);
  for (const [name, value] of Object.entries(values)) Deno.env.set(name, value);
  try {
    await body();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** Registers a backend as tfjs-node-gpu does. */
async function loadFake(isUsingGpuDevice: boolean): Promise<void> {
  await tf.setBackend("cpu");
  const Backend = tf.backend().constructor as new () => tf.KernelBackend;
  if (tf.findBackendFactory("tensorflow")) tf.removeBackend("tensorflow");
  tf.registerBackend("tensorflow", () => Object.assign(new Backend(), { isUsingGpuDevice }));
}

async function refusal(load: () => Promise<unknown>): Promise<string> {
  const error = await assertRejects(() => openTensorflow(device, load), DeviceUnavailable);
  assertEquals(error.message.includes("\n"), false);
  return error.message;
}

Deno.test("a missing addon of TensorFlow is one line that says how to install it", () =>
  withEnvironment({}, async () => {
    const message = await refusal(() =>
      Promise.reject(
        new Error(
          "The Node.js native addon module (tfjs_binding.node) can not be found at path: /x. \n" +
            "Please run command 'npm rebuild @tensorflow/tfjs-node-gpu'",
        ),
      )
    );
    assert(message.startsWith("Cannot use gpu:1: TensorFlow's addon is not installed; "), message);
    assert(message.includes("deno install --allow-scripts=npm:@tensorflow/tfjs-node-gpu"), message);
    assertEquals(Deno.env.get("CUDA_VISIBLE_DEVICES"), undefined);
  }));

Deno.test("an addon of TensorFlow that cannot be loaded is one line with the loader's", () =>
  withEnvironment({}, async () => {
    const message = await refusal(() =>
      Promise.reject(new Error("libtensorflow.so.2: cannot open shared object file\nmore"))
    );
    assertEquals(
      message,
      "Cannot use gpu:1: TensorFlow's addon cannot be loaded: " +
        "libtensorflow.so.2: cannot open shared object file",
    );
  }));

Deno.test("a card that the environment hides is refused before TensorFlow is loaded", async () => {
  for (const [cards, count] of [["", 0], ["-1", 0], ["3", 1]] as const) {
    await withEnvironment({ CUDA_VISIBLE_DEVICES: cards }, async () => {
      const message = await refusal(() => Promise.reject(new Error("loaded")));
      assertEquals(
        message,
        `Cannot use gpu:1: CUDA_VISIBLE_DEVICES="${cards}" shows ${count} cards to this process`,
      );
    });
  }
});

Deno.test("TensorFlow on the processor is refused where a card was asked for", () =>
  withEnvironment({}, async () => {
    const message = await refusal(() => loadFake(false));
    assert(message.includes("TensorFlow cannot use the card"), message);
    assert(message.includes("CUDA 11.2"), message);
  }));

Deno.test("TensorFlow sees the one card that was asked for, from all threads", () =>
  withEnvironment({ CUDA_VISIBLE_DEVICES: "4,6" }, async () => {
    const load = async () => {
      assertEquals(Deno.env.get("CUDA_VISIBLE_DEVICES"), "6");
      assertEquals(Deno.env.get("TF_FORCE_GPU_ALLOW_GROWTH"), "true");
      await loadFake(true);
    };
    assertEquals((await openTensorflow(device, load)).name, "tensorflow");
    assertEquals((await openTensorflow(device, load)).name, "tensorflow");
    await assertRejects(
      () => openTensorflow({ type: "gpu", index: 0 }, load),
      DeviceUnavailable,
      "this process computes on gpu:1",
    );
  }));
