/**
 * `deno task docs`: a page for everything that the entry points export, in `docs/api`.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

const FOLDER = "docs/api";

/** `deno doc` calls an entry point `models`, where a program imports `@mddes/mddes/models`. */
const names = new Map(
  Object.keys(config.exports).map((name) => [
    name.replace("./", ""),
    name.replace(".", config.name),
  ]),
);

async function nameEntryPoints(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await nameEntryPoints(path);
    if (!name.endsWith(".html")) continue;
    const page = await Deno.readTextFile(path);
    const imported = /(?<=from &quot;)[^&]+(?=&quot;)/g;
    await Deno.writeTextFile(path, page.replaceAll(imported, (from) => names.get(from) ?? from));
  }
}

await Deno.mkdir(FOLDER, { recursive: true });
await Deno.remove(FOLDER, { recursive: true }); // pages of what is no longer there
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["doc", "--html", "--name=mddes", `--output=${FOLDER}`, ...Object.values(config.exports)],
  stdout: "null",
}).output();
if (!success) Deno.exit(1);
await nameEntryPoints(FOLDER);
console.log(`${FOLDER}/index.html`);
