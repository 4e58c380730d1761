/** The project, as a URL. */
export const ROOT = new URL("../../", import.meta.url);

/** The project's documents: what a reader types from, by path. */
export async function documents(): Promise<[path: string, text: string][]> {
  const paths = ["README.md", "CONTRIBUTING.md"];
  for await (const { name } of Deno.readDir(new URL("docs/", ROOT))) {
    if (name.endsWith(".md")) paths.push(`docs/${name}`);
  }
  return await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [
      path,
      await Deno.readTextFile(new URL(path, ROOT)),
    ]),
  );
}
