/** Chromium for tests, from the system: `apt-get install chromium`. */
import { launch } from "puppeteer-core";
import type { Browser } from "puppeteer-core";

/** The path of a Chromium, if one is installed. */
export function findChromium(): string | undefined {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => `${folder}/${name}`)).find(isFile);
}

/** Start it without a window, a network or anything of the user's. */
export async function openBrowser(
  executablePath: string,
): Promise<{ readonly browser: Browser } & AsyncDisposable> {
  const profile = await Deno.makeTempDir();
  const browser = await launch({
    executablePath,
    pipe: true,
    userDataDir: profile,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    browser,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await Deno.remove(profile, { recursive: true });
    },
  };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
