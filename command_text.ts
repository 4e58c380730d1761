/**
 * Commands as a person can copy them into a shell, wherever the commands of this project come from: a
 * checkout, an installed `mddes`, or modules of a package.
 *
 * @module
 */
import type { CommandName } from "./commands.ts";
import project from "./deno.json" with { type: "json" };

/** Of the package. */
const ROOT = new URL(".", import.meta.url);

/**
 * A command of this project as it can be typed.
 *
 * @param args Each comes to the command as it is here, whatever a shell makes of its characters.
 */
export function commandText(name: CommandName, args: readonly string[] = []): string {
  return [...startOf(name, Deno.mainModule, ROOT), ...args.map(quoted)].join(" ");
}

/**
 * A command on the folder of a run, as it can be typed.
 *
 * @param directory Of the run; it may begin with `-`, as an option does.
 */
export function runCommandText(
  name: "resume" | "finish" | "evaluate" | "report",
  directory: string,
): string {
  // A report takes a list of folders.
  const run = name === "report" ? directory.replaceAll(",", "\\,") : directory;
  return commandText(name, run.startsWith("-") ? [`--run=${run}`] : ["--run", run]);
}

/**
 * What a command begins with for whoever has started this process.
 *
 * @param main The module that was started; `undefined` on another thread.
 * @param root URL of the package.
 */
export function startOf(name: CommandName, main: string | undefined, root: URL): string[] {
  const [, packaged] = /^(jsr:@mddes\/mddes(?:@[^/]*)?)(?:\/|$)/.exec(main ?? "") ?? [];
  const isMddes = main === `${root}experiments/mddes.ts` || main === `${packaged}/mddes`;
  if (isMddes) return ["mddes", name];
  const isCheckout = root.protocol === "file:" && (main?.startsWith(root.href) ?? true);
  if (isCheckout) return ["deno", "task", name];
  const [, version] = /^https:\/\/jsr\.io\/@mddes\/mddes\/([^/]+)\/$/.exec(root.href) ?? [];
  const registry = packaged ?? (version && `jsr:@mddes/mddes@${version}`);
  if (!registry) return [...denoRun(name), quoted(`${root}experiments/${name}.ts`)];
  const exports: Readonly<Record<string, string>> = project.exports;
  const isExported = exports[`./${name}`] === `./experiments/${name}.ts`;
  return [
    ...denoRun(name),
    ...(isExported ? [`${registry}/${name}`] : [`${registry}/mddes`, name]),
  ];
}

/** With the permissions that its task has; a lock file is of a checkout. */
function denoRun(name: CommandName): string[] {
  return project.tasks[name].command.split(" ").filter((word) => !/\.ts$|^--lock=/.test(word));
}

/**
 * Characters that shells leave alone are shown bare, but for `=` in front, which zsh does not. All
 * others are between single quotes, where only these need care (POSIX 1003.1, section 2.2.2).
 */
export function quoted(arg: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(arg)) return arg;
  return `'${arg.replaceAll("'", `'\\''`)}'`;
}
