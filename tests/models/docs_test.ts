import { assert } from "@std/assert";
import { layerKinds, networkNames, optimizerNames } from "../../models/mod.ts";

Deno.test("docs/models.md names every kind of layer, network and optimiser", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/models.md", import.meta.url));
  for (const name of [...layerKinds, ...networkNames, ...optimizerNames]) {
    assert(text.includes(`\`${name}\``), `${name} is missing`);
  }
});
