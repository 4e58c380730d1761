import { grayNet } from "../../models/graynet.ts";
import { networkByName } from "../../models/networks.ts";
import { checkGolden, checkGoldenGradients, readGolden } from "./golden.ts";
import { backends, wasm } from "./tfjs_backends.ts";

const network = grayNet([1, 28, 28], 10);

for (const where of backends) {
  Deno.test(`${network.name} on tfjs/${where.backend} trains as the reference run`, async (test) => {
    const golden = await readGolden(network.name);
    // In plain JavaScript a step takes seconds, and one of SGD is the gradients, scaled.
    if (where.backend === "cpu") return await checkGolden(network, golden, "sgd", where, 1);
    await test.step("gradients", () => checkGoldenGradients(network, golden, where));
    for (const name of Object.keys(golden.runs)) {
      await test.step(name, () => checkGolden(network, golden, name, where, 3));
    }
  });
}

// An update does not depend on the network: one run shows that it gets this network's gradients.
// ResNet-32 has the layers of ResNet-20.
for (const name of ["colornet", "resnet20", "densenet40"]) {
  Deno.test(`${name} on tfjs/wasm trains as the reference run`, async (test) => {
    const golden = await readGolden(name);
    const network = networkByName(name)(golden.input_shape, 10);
    await test.step("gradients", () => checkGoldenGradients(network, golden, wasm));
    await test.step("adam", () => checkGolden(network, golden, "adam", wasm));
  });
}
