import { assert, assertEquals } from "@std/assert";
import { runReport } from "../../experiments/run_report/run_report.ts";
import { writeReport } from "../../report/page/write_report.ts";
import { findChromium, openBrowser } from "./browser.ts";
import { ALL_WAYS, checkReadable, look, TWO_WAYS } from "./readable_page.ts";
import { addTests, minimized, scratch, searched, stopped } from "./reported_runs.ts";

const chromium = findChromium();
if (!chromium) {
  console.warn("Reports are not tested in a browser: there is no chromium on the PATH");
}

Deno.test({
  name: "a report is readable in a browser: light and dark, wide and narrow, for everybody",
  ignore: !chromium,
  fn: async (test) => {
    using folder = scratch();
    const runs = [
      await searched(`${folder.path}/one`, { mode: "async" }),
      await searched(`${folder.path}/another-run-with-a-name-that-is-much-too-long`, { pixels: 2 }),
      await stopped(`${folder.path}/stopped`, 5),
    ];
    addTests(runs[0]!);
    const tests = `${runs[0]}/evaluation-graynet-adam`;
    Deno.copyFileSync(`${tests}.csv`, `${tests}-train-size-1000-learning-rate-0.001-epochs-6.csv`);
    const pages = [
      { name: "one run", runs: runs.slice(0, 1), ways: TWO_WAYS },
      { name: "three runs", runs, ways: ALL_WAYS },
      { name: "an objective", runs: [await minimized(`${folder.path}/sphere`)], ways: TWO_WAYS },
    ];
    await using opened = await openBrowser(chromium!);
    for (const { name, runs, ways } of pages) {
      const path = `${folder.path}/${name.replaceAll(" ", "-")}/report.html`;
      writeReport(path, await runReport(runs));
      await checkReadable(test, opened.browser, name, path, ways);
    }
    await test.step("figures open by themselves", async () => {
      const page = await opened.browser.newPage();
      const figures = `${folder.path}/one-run/figures`;
      const files = [...Deno.readDirSync(figures)].filter(({ name }) => name.endsWith(".svg"));
      assert(files.length >= 9, `${files.length} figures`);
      for (const { name } of files) {
        await page.goto(`file://${figures}/${name}`);
        assertEquals((await look(page)).problems, [], name);
      }
      await page.close();
    });
  },
});
