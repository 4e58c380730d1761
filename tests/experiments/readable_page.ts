/** Whether a page can be read by everybody: light and dark, on a narrow screen and a wide one. */
import { assert, assertEquals } from "@std/assert";
import axe from "axe-core";
import type { Browser, Page } from "puppeteer-core";
import { findChromium, openBrowser } from "./browser.ts";

/** A way to look at a page: its colours, and the width of the screen in pixels. */
type Way = readonly [scheme: "light" | "dark", width: number];

/** Each of both once. */
export const TWO_WAYS: readonly Way[] = [["light", 360], ["dark", 1280]];

/** Each with each. */
export const ALL_WAYS: readonly Way[] = [...TWO_WAYS, ["light", 1280], ["dark", 360]];

/** Check the page of an experiment; a step that is ignored where there is no browser. */
export async function checkInBrowser(test: Deno.TestContext, path: string): Promise<void> {
  const chromium = findChromium();
  await test.step({
    name: "its page is readable",
    ignore: !chromium,
    async fn(step) {
      await using opened = await openBrowser(chromium!);
      await checkReadable(step, opened.browser, "the page", path, TWO_WAYS);
    },
  });
}

/** Open a page without a network in some ways, each a step of a test. */
export async function checkReadable(
  test: Deno.TestContext,
  browser: Browser,
  name: string,
  path: string,
  ways: readonly Way[],
): Promise<void> {
  for (const [scheme, width] of ways) {
    await test.step(`${name}, ${scheme}, ${width} px`, async () => {
      const page = await browser.newPage();
      await checkPage(page, path, scheme, width);
      await page.close();
    });
  }
}

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

/** Look at the figures of a page that is open. */
export async function look(page: Page): Promise<Looks> {
  const script = Deno.readTextFileSync(new URL("page_checks.js", import.meta.url));
  return await page.evaluate(script) as Looks;
}

/** What axe-core finds in a page that is open. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>" +
      " violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))",
  ) as readonly string[];
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

  assertEquals(await violationsOf(page), []);
  assertEquals(said, []);
  assertEquals(requested.filter((url) => !url.startsWith("data:")), [`file://${path}`]);
}
