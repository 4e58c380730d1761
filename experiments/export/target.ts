/**
 * Where an export goes: a `.npz` file with two files beside it, or a folder. All of it is there at
 * once, when it is whole.
 *
 * @module
 */
import { basename, dirname, extname, join } from "node:path";
import { ConfigurationError } from "../../options.ts";
import { cannotWrite, requireAbsent } from "../terminal/absent.ts";

/** What `--out` means. */
export interface Target {
  readonly kind: "npz" | "folder";
  /** Of the file or the folder, without a slash at its end. */
  readonly path: string;
  /** The folder of the two files below. */
  readonly folder: string;
  /** Name of the data card. */
  readonly card: string;
  /** Name of the file with the disturbance. */
  readonly disturbance: string;
}

/**
 * Read `--out`.
 *
 * @param out Ends in `.npz`, or is the path of a folder.
 * @throws {ConfigurationError} If it could be meant as another kind of file, or something is there.
 */
export function targetOf(out: string): Target {
  const path = out.replace(/(?<=.)\/+$/s, "");
  const ending = path === out ? extname(path) : "";
  if (ending !== "" && ending !== ".npz") {
    throw new ConfigurationError(
      `Option --out must end in .npz or be the path of a folder, received ${out}; a folder with a ` +
        `dot in its name is written ${out}/`,
    );
  }
  const stem = basename(path, ".npz");
  const target: Target = ending === ".npz"
    ? { kind: "npz", path, folder: dirname(path), card: `${stem}.md`, disturbance: `${stem}.json` }
    : { kind: "folder", path, folder: path, card: "README.md", disturbance: "disturbance.json" };
  appearing(target).forEach(requireAbsent);
  return target;
}

/** What appears when the target is written, the images last. */
function appearing({ kind, path, folder, card, disturbance }: Target): string[] {
  return kind === "npz" ? [join(folder, disturbance), join(folder, card), path] : [path];
}

/**
 * Write a target whole or not at all: in a folder beside it, and only then where it belongs.
 *
 * @param write Gets the folder: what is to become the folder of the target, or holds its three files.
 * @throws {ConfigurationError} If the system refuses it, or something is there by now. What else
 *   `write` throws is passed on. Nothing of it stays.
 */
export async function writeWhole(
  target: Target,
  write: (folder: string) => Promise<void>,
): Promise<void> {
  const unfinished = `${target.path}-${crypto.randomUUID()}.unfinished`;
  try {
    await Deno.mkdir(unfinished, { recursive: true });
    await write(unfinished);
    appearing(target).forEach(requireAbsent);
    if (target.kind === "folder") return Deno.renameSync(unfinished, target.path);
    for (const path of appearing(target)) Deno.renameSync(join(unfinished, basename(path)), path);
    Deno.removeSync(unfinished);
  } catch (error) {
    await Deno.remove(unfinished, { recursive: true }).catch(() => {});
    throw cannotWrite(target.path, error);
  }
}
