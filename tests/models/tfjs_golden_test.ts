import { colorNet } from "../../models/colornet.ts";
import { grayNet } from "../../models/graynet.ts";
import { checkGolden, readGolden } from "./golden.ts";
import { backends, wasm } from "./tfjs_backends.ts";

const network = grayNet([1, 28, 28], 10);

for (const where of backends) {
  Deno.test(`${network.name} on tfjs/${where.backend} trains as the reference run`, async (test) => {
    const golden = await readGolden(network.name);
    // In plain JavaScript a step takes seconds.
    const quick = where.backend === "cpu";
    const runs = quick ? ["sgd"] : Object.keys(golden.runs);
    for (const name of runs) {
      await test.step(name, () => checkGolden(network, golden, name, where, quick ? 1 : 3));
    }
  });
}

Deno.test("colornet on tfjs/wasm trains as the reference run", async (test) => {
  const network = colorNet([3, 32, 32], 10);
  const golden = await readGolden(network.name);
  for (const name of Object.keys(golden.runs)) {
    await test.step(name, () => checkGolden(network, golden, name, wasm));
  }
});
