import { grayNet } from "../../models/graynet.ts";
import { createEngine, DeviceUnavailable, optimizerByName } from "../../models/mod.ts";
import { checkGradients } from "./engine_gradients.ts";
import { checkGolden, readGolden } from "./golden.ts";
import { cases } from "./layer_cases.ts";
import type { Where } from "./tfjs_backends.ts";

const where: Where = { engine: "onnx", backend: "webgpu", device: { type: "gpu", index: 0 } };
const network = grayNet([1, 28, 28], 10);
const missing = await whatIsMissing();
if (missing) console.warn(`ONNX Runtime's WebGPU tests are left out. ${missing}`);

/** Software drivers of Mesa before 23 are among what it refuses. */
async function whatIsMissing(): Promise<string | undefined> {
  try {
    const { optimizer } = optimizerByName("sgd");
    await using _ = await createEngine({ ...where, network, optimizer, batchSize: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof DeviceUnavailable) return error.message;
    throw error;
  }
}

Deno.test(`${network.name} on onnx/webgpu trains as the reference run`, {
  ignore: missing !== undefined,
}, async () => {
  await checkGolden(network, await readGolden(network.name), "momentum", where);
});

for (const [what, network] of Object.entries(cases)) {
  Deno.test(`the gradients of ${what} are the slopes of the loss on onnx/webgpu`, {
    ignore: missing !== undefined,
  }, () => checkGradients(network, [where]));
}
