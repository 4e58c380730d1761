import { assertEquals } from "@std/assert";
import { networkByName } from "../../models/networks.ts";
import { parameterCount } from "../../models/network.ts";
import { checkGolden, checkGoldenGradients, readGolden } from "./golden.ts";

for (const name of ["graynet", "colornet", "resnet18", "resnet20", "resnet32", "densenet40"]) {
  Deno.test(`${name} trains as the reference run in 64-bit arithmetic`, async (test) => {
    const golden = await readGolden(name);
    const network = networkByName(name)(golden.input_shape, 10);
    assertEquals(parameterCount(network), golden.parameters);
    await test.step("gradients", () =>
      checkGoldenGradients(network, golden, { device: { type: "cpu" } }));
    // An update does not depend on the network: in the deep ones, one run shows that it gets their
    // gradients.
    const isDeep = ["resnet18", "resnet32", "densenet40"].includes(name);
    for (const run of isDeep ? ["adam"] : Object.keys(golden.runs)) {
      await test.step(run, () => checkGolden(network, golden, run, { device: { type: "cpu" } }));
    }
  });
}
