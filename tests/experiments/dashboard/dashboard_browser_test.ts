import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "puppeteer-core";
import { search } from "../../../mod.ts";
import { single } from "../../actors/small_search.ts";
import { findChromium, openBrowser } from "../browser.ts";
import { look, violationsOf } from "../readable_page.ts";
import { scratch } from "../reported_runs.ts";
import { MadeRun } from "./made_run.ts";
import { served, until } from "./served.ts";

const chromium = findChromium();
if (!chromium) {
  console.warn("The dashboard is not tested in a browser: there is no chromium on the PATH");
}

/** Open a page that says nothing on its console, which is where a broken policy is told. */
async function open(browser: Browser, url: string): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(url, { waitUntil: "load" });
  return { page, said };
}

async function textOf(page: Page, selector: string): Promise<string> {
  return await page.$eval(selector, ({ textContent }) => textContent ?? "").catch(() => "");
}

/** What a section says. */
function section(page: Page, id: string): Promise<string> {
  return textOf(page, `section[aria-labelledby="${id}"]`);
}

async function untilSays(page: Page, id: string, text: string): Promise<void> {
  await until(`${id} says ${text}`, async () => (await section(page, id)).includes(text));
}

async function untilNow(page: Page, text: string): Promise<void> {
  await untilSays(page, "now", text);
}

Deno.test({
  name: "the dashboard in a browser",
  ignore: !chromium,
  fn: async (test) => {
    using folder = scratch();
    await using opened = await openBrowser(chromium!);
    const { browser } = opened;

    await test.step("a search that begins later appears, generation by generation", async () => {
      await using server = await served(folder.path);
      const { page, said } = await open(browser, `${server.url}/run?run=searched`);
      assertStringIncludes(await section(page, "now"), "There is no run in");
      await using run = search({
        ...single,
        generations: 12,
        directory: `${folder.path}/searched`,
      });
      await untilNow(page, "running");
      const counts = new Set<string>();
      await until("it is done", async () => {
        const now = await section(page, "now");
        counts.add(/(\d+) of 12 generations/.exec(now)?.[1] ?? "");
        return await textOf(page, ".state") === "done";
      });
      await run.result;
      assert(counts.size >= 3, [...counts].join());
      await untilSays(page, "winner", "The winner is candidate");
      await untilSays(page, "commands", "evaluate --run");
      await page.click('a[href^="candidate?"]');
      await page.waitForSelector("#pixels");
      assertEquals((await look(page)).problems, []);
      assertStringIncludes(await textOf(page, "main"), "mismatch");
      assertEquals(said, []);
      await page.close();
    });

    const made = new MadeRun(`${folder.path}/made`);
    for (let generation = 0; generation < 6; generation++) made.generation();

    await test.step("an update leaves focus, text, place and choices as they are", async () => {
      await using server = await served(folder.path);
      const { page, said } = await open(browser, `${server.url}/run?run=made`);
      await page.setViewport({ width: 900, height: 700 });
      await page.evaluate("document.querySelector('#slots').scrollIntoView()");
      await page.evaluate(
        "document.querySelector('input[name=candidate]').focus({ preventScroll: true })",
      );
      await page.keyboard.type("1/");
      await page.evaluate("document.querySelector('#slots').scrollIntoView()");
      const placeOf = () =>
        page.$eval("#slots", (heading) => heading.getBoundingClientRect().top) as Promise<number>;
      const before = await placeOf();
      made.generation();
      await untilNow(page, "7 of 20 generations");
      assert(Math.abs(await placeOf() - before) < 2, `${before} ${await placeOf()}`);
      assertEquals(
        await page.evaluate("[document.activeElement.name, document.activeElement.value]"),
        ["candidate", "1/"],
      );
      assertEquals(said, []);
      await page.close();
    });

    await test.step("the map is played with the keyboard, and follows the run at its end", async () => {
      await using server = await served(folder.path);
      const { page, said } = await open(browser, `${server.url}/run?run=made`);
      const map = () => textOf(page, "p[data-player] + figure strong");
      await until("it is drawn", async () => await map() === "Pixels in generation 6.");
      await page.focus("p[data-player] input");
      await page.keyboard.press("ArrowLeft");
      await until("it is the one before", async () => await map() === "Pixels in generation 5.");
      made.generation();
      await untilNow(page, "8 of 20 generations");
      assertEquals(await map(), "Pixels in generation 5.");
      await page.keyboard.press("Home");
      await until("it is the first", async () => await map() === "Pixels in generation 0.");
      await page.focus("p[data-player] button");
      await page.keyboard.press("Enter");
      await until("it was played", async () => await map() === "Pixels in generation 7.");
      made.generation();
      await until("it follows", async () => await map() === "Pixels in generation 8.");
      assertEquals(said, []);
      await page.close();
    });

    await test.step("a connection that breaks comes back, without the page being loaded", async () => {
      let server = await served(folder.path);
      const { port, url } = server;
      const { page } = await open(browser, `${url}/run?run=made`);
      await until("it is live", async () => await textOf(page, "#connection") === "Live.");
      await page.evaluate("globalThis.isTheSame = true");
      await server[Symbol.asyncDispose]();
      await until("it is lost", async () => /lost/.test(await textOf(page, "#connection")));
      made.generation();
      server = await served(folder.path, { port });
      await untilNow(page, "10 of 20 generations");
      assertEquals(await textOf(page, "#connection"), "Live.");
      assertEquals(await page.evaluate("globalThis.isTheSame"), true);
      await page.close();
      await server[Symbol.asyncDispose]();
    });

    for (
      const { scheme, width } of [{ scheme: "light", width: 1280 }, { scheme: "dark", width: 360 }]
    ) {
      await test.step(`everybody can read it: ${scheme}, ${width} px`, async () => {
        await using server = await served(folder.path);
        const { page, said } = await open(browser, "about:blank");
        await page.setViewport({ width, height: 800 });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        // So that axe-core can be put into the page.
        await page.setBypassCSP(true);
        for (
          const path of [
            "",
            "run?run=searched",
            "run?run=made&run=searched",
            "candidate?run=searched&candidate=1/1",
            "figures/fitness.html?run=searched",
          ]
        ) {
          await page.goto(`${server.url}/${path}`, { waitUntil: "load" });
          const { problems, scrollWidth } = await look(page);
          assertEquals(problems.filter((problem) => problem !== "there is no figure"), [], path);
          assertEquals(scrollWidth, width, `${path} scrolls sideways`);
          assertEquals(await violationsOf(page), [], path);
        }
        assertEquals(said, []);
        await page.close();
      });
    }

    await test.step("a journal that is torn waits, one that is replaced is read anew", async () => {
      await using server = await served(folder.path);
      const { page, said } = await open(browser, `${server.url}/run?run=made`);
      await untilNow(page, "10 of 20 generations");
      Deno.writeTextFileSync(`${made.directory}/journal.jsonl`, `{"version":2,"num`, {
        append: true,
      });
      await until(
        "the page tells it",
        async () => /17 bytes/.test(await section(page, "configuration")),
      );
      Deno.removeSync(made.directory, { recursive: true });
      await untilNow(page, "There is no run in");
      new MadeRun(made.directory).generation();
      await untilNow(page, "1 of 20 generations");
      await untilNow(page, "4 of");
      assertEquals(said, []);
      await page.close();
    });
  },
});
