import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { figure2 } from "../../experiments/figure2.ts";
import { conduct } from "../../experiments/findings/run_experiment.ts";
import { checkInBrowser } from "./readable_page.ts";
import { printed, tinyExperiment, tinyPreset } from "./tiny_experiment.ts";

Deno.test("figure 2 follows the error over the journal, and looks at both networks", async (test) => {
  const runs = await Deno.makeTempDir();
  try {
    const tiny = await tinyExperiment("figure2", runs);
    using _ = tiny.study;
    const preset = tinyPreset("synthetic");
    const experiment = { ...tiny, datasets: [preset.dataset], preset };
    const text = await printed(() => conduct(figure2, experiment));
    assertStringIncludes(text, "not enough runs");
    const read = (name: string) =>
      parse(Deno.readTextFileSync(`${experiment.directory}/${name}`), { skipFirstRow: true });
    const generations = read("generations.csv");
    assertEquals(
      generations.map(({ repeat, generations }) => `${repeat} ${generations}`),
      ["0 1", "0 2", "0 3", "1 1", "1 2", "1 3"],
    );
    for (const { test_accuracy } of generations) assert(Number(test_accuracy) > 0);
    const fitness = generations.slice(0, 3).map(({ best_fitness }) => Number(best_fitness));
    assertEquals(fitness, fitness.toSorted((a, b) => a - b));
    const attention = read("attention.csv");
    assertEquals(attention.length, 2 * 3 * 10);
    for (const row of attention) {
      assertEquals(row["images"], "100");
      const share = row["share_on_background"];
      if (row["maps_without_attention"] !== "100") assert(Number(share) >= 0 && share !== "");
    }
    const ids = [...Deno.readDirSync(`${experiment.directory}/figures`)].map(({ name }) => name);
    assertEquals(
      ids.sort(),
      ["attention", "error", "images"].flatMap((what) =>
        ["csv", "svg"].map((ending) => `figure2-${what}-synthetic.${ending}`)
      ),
    );
    const maps = read("figures/figure2-attention-synthetic.csv");
    assertEquals(maps.length, 3 * 10 * 28 * 28);
    const highest = Math.max(...maps.map(({ attention }) => Number(attention)));
    assert(highest > 0 && highest <= 1, `${highest}`);
    await checkInBrowser(test, `${experiment.directory}/report.html`);
    const again = await printed(() => conduct(figure2, experiment));
    assertStringIncludes(again, "3 of 3 attention maps computed before");
    assertEquals(again.slice(again.indexOf("Figure 2")), text.slice(text.indexOf("Figure 2")));
    assertAlmostEquals(Number(attention[0]!["background"]), 0.5, 0.5);
  } finally {
    await Deno.remove(runs, { recursive: true });
  }
});
