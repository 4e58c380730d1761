import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Page } from "puppeteer-core";
import { runReport } from "../../experiments/report/run_report.ts";
import { writeReport } from "../../experiments/report/write_report.ts";
import { findChromium, openBrowser } from "./browser.ts";
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
    const pages = [
      { name: "one run", runs: runs.slice(0, 1) },
      { name: "three runs", runs },
      { name: "an objective", runs: [await minimized(`${folder.path}/sphere`)] },
    ];
    await using opened = await openBrowser(chromium!);
    for (const { name, runs } of pages) {
      const path = `${folder.path}/${name.replaceAll(" ", "-")}/report.html`;
      writeReport(path, await runReport(runs));
      for (const scheme of ["light", "dark"]) {
        for (const width of [360, 1280]) {
          await test.step(`${name}, ${scheme}, ${width} px`, async () => {
            const page = await opened.browser.newPage();
            await checkPage(page, path, scheme, width);
            await page.close();
          });
        }
      }
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

/** What `page_checks.js` finds. */
interface Looks {
  readonly problems: readonly string[];
  /** Size of the smallest text of a figure, in pixels of the screen. */
  readonly smallestText: number;
  readonly figures: number;
  readonly scrollWidth: number;
  readonly background: string;
  /** To other files. */
  readonly links: readonly string[];
}

async function look(page: Page): Promise<Looks> {
  const script = Deno.readTextFileSync(new URL("page_checks.js", import.meta.url));
  return await page.evaluate(script) as Looks;
}

async function checkPage(page: Page, path: string, scheme: string, width: number): Promise<void> {
  const said: string[] = [];
  const requested: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => requested.push(request.url()));
  await page.setOfflineMode(true);
  await page.setViewport({ width, height: 800 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(`file://${path}`);

  const looks = await look(page);
  assertEquals(looks.problems, []);
  assert(looks.figures > 0);
  assertEquals(looks.scrollWidth, width, "the page scrolls sideways");
  assert(looks.smallestText >= (width < 400 ? 10 : 11), `text of ${looks.smallestText} px`);
  assertEquals(looks.background, scheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 29)");
  assertEquals(looks.links.length, 2 * looks.figures);
  for (const file of looks.links) assert(Deno.statSync(new URL(file)).isFile, file);

  await page.evaluate(axe.source);
  const violations = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>" +
      " violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
  );
  assertEquals(violations, []);
  assertEquals(said, []);
  assertEquals(requested.filter((url) => !url.startsWith("data:")), [`file://${path}`]);
}
