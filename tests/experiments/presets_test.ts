import { assert, assertEquals } from "@std/assert";
import { presetSearch, presetSubset, repeatSeeds } from "../../experiments/study/experiment.ts";
import { demo } from "../../experiments/presets/demo.ts";
import { type Preset, PRESETS } from "../../experiments/presets/mod.ts";
import { resolveSearch, searchFolderName } from "../../experiments/study/search_folder.ts";
import { presetTraining } from "../../experiments/presets/training.ts";

const all: Record<string, Preset> = { demo, ...PRESETS };

for (const [name, preset] of Object.entries(all)) {
  Deno.test(`the preset ${name} is one that can be run`, () => {
    for (const pixels of preset.pixels) {
      const search = resolveSearch(presetSearch(preset, pixels, repeatSeeds(1, 0)));
      assertEquals(search.learningRate, preset.search.learningRate ?? 0.001);
    }
    for (const network of preset.networks) {
      const { epochs } = presetTraining(preset, network);
      assertEquals(epochs, preset.training.epochs);
    }
  });
}

Deno.test("the paper's networks are trained as in their own papers", () => {
  const rates = PRESETS.paper.networks.map((network) => {
    const { optimizer, learningRate, schedule, augmentation } = presetTraining(
      PRESETS.paper,
      network,
    );
    return [network, optimizer.kind, learningRate, schedule.decay.kind, augmentation?.flip];
  });
  assertEquals(rates, [
    ["resnet20", "momentum", 0.1, "step", false],
    ["resnet32", "momentum", 0.1, "step", false],
    ["densenet40", "momentum", 0.1, "step", false],
  ]);
  assertEquals(presetSubset(PRESETS.paper, repeatSeeds(1, 0)), null);
});

Deno.test("repeats have other seeds, and an experiment with a higher seed shares some", () => {
  assertEquals(repeatSeeds(1, 2), repeatSeeds(3, 0));
  const seeds = [0, 1, 2].flatMap((repeat) => Object.values(repeatSeeds(1, repeat)));
  assertEquals(new Set(seeds).size, seeds.length);
  assertEquals(repeatSeeds(2 ** 32 - 1, 1).search, 0);
});

Deno.test("the name of a search follows from what decides its result, and from nothing else", () => {
  const wanted = resolveSearch({ dataset: "../sets/my digits/", pixels: 2, seed: 5 });
  const name = searchFolderName("mddes", wanted, "a1");
  assert(/^my-digits-graynet-mddes-2px-seed5-[0-9a-f]{8}$/.test(name), name);
  const same = { ...wanted, devices: ["cpu:7"], maxAttempts: 9, leaseSeconds: 5 };
  assertEquals(searchFolderName("mddes", same, "a1"), name);
  for (const other of [{ epochs: 5 }, { engine: "tfjs" }, { dataset: "my-digits" }] as const) {
    const named = searchFolderName("mddes", { ...wanted, ...other }, "a1");
    assert(named !== name && named.startsWith("my-digits-graynet-mddes-2px-seed5-"), named);
  }
  assert(searchFolderName("mddes", wanted, "b2") !== name, "other images are another search");
});
