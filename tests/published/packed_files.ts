/**
 * What `deno publish` packs, and what a registry makes of it: names of the import map are replaced by
 * what they stand for.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** What a dry run of publishing says. */
export interface DryRun {
  /** Paths of the packed files, from the project's folder on. */
  readonly files: readonly string[];
  /** What it warns of, as `KIND PATH`. */
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

/** @param folder Of the package. */
export async function dryRun(folder: URL = root): Promise<DryRun> {
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    // The types are checked by the task "check".
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stderr);
  const path = (place: string) => place.slice(fileURLToPath(folder).length);
  return {
    files: [...text.matchAll(/^ *(file:\S+) \([\d.]+[A-Z]+\)$/gm)]
      .map(([, url]) => path(fileURLToPath(url!))),
    warnings: [...text.matchAll(/^warning\[(.*?)\].*\n *--> (.*?):\d+/gm)]
      .map(([, kind, place]) => `${kind} ${path(place!)}`),
    errors: [...text.matchAll(/^error.*(\n *-->.*)?/gm)].map(([line]) => line),
  };
}

const { imports } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root))) as {
  imports: Readonly<Record<string, string>>;
};

/** Specifiers of imports, exports, imports on demand, `import.meta.resolve` and `@ts-types`. */
const SPECIFIER =
  /(?<=^(?:import|export)\b[^;"'=()]*? from |^import |\bimport(?:\.meta\.resolve)?\(\s*|@ts-types=)"([^"\n]+)"/gm;

/**
 * A file as a registry serves it.
 *
 * @throws {Error} If it names something that a registry cannot resolve.
 */
export function asServed(path: string): string {
  const text = Deno.readTextFileSync(new URL(path, root));
  if (!path.endsWith(".ts")) return text;
  return text.replace(SPECIFIER, (quoted, name: string) => {
    if (/^(\.{1,2}\/|npm:|node:|file:|data:)/.test(name)) return quoted;
    const mapped = imports[name] ?? imports[packageOf(name)];
    if (!mapped?.startsWith("npm:")) throw new Error(`${path} imports ${name}, which is ${mapped}`);
    return `"${name in imports ? mapped : mapped + name.slice(packageOf(name).length)}"`;
  });
}

/** `@scope/name` of `@scope/name/file`, `name` of `name/file`. */
function packageOf(name: string): string {
  return name.split("/").slice(0, name.startsWith("@") ? 2 : 1).join("/");
}
