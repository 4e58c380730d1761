import { assertEquals } from "@std/assert";
import { colorNet } from "../../models/colornet.ts";
import { grayNet } from "../../models/graynet.ts";
import { parameterCount } from "../../models/network.ts";
import { checkGolden, readGolden } from "./golden.ts";

for (const network of [grayNet([1, 28, 28], 10), colorNet([3, 32, 32], 10)]) {
  Deno.test(`${network.name} trains as the reference run in 64-bit arithmetic`, async (test) => {
    const golden = await readGolden(network.name);
    assertEquals(parameterCount(network), golden.parameters);
    for (const name of Object.keys(golden.runs)) {
      await test.step(name, () => checkGolden(network, golden, name, { device: { type: "cpu" } }));
    }
  });
}
