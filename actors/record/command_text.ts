/**
 * Commands as a person can copy them into a shell.
 *
 * @module
 */

/**
 * A command of this project as it can be typed.
 *
 * @param name As in `deno task NAME`.
 * @param args Each comes to the command as it is here, whatever a shell makes of its characters.
 */
export function commandText(name: string, args: readonly string[]): string {
  return ["deno task", name, ...args.map(quoted)].join(" ");
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
 * Characters that shells leave alone are shown bare, but for `=` in front, which zsh does not. All
 * others are between single quotes, where only these need care (POSIX 1003.1, section 2.2.2).
 */
function quoted(arg: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(arg)) return arg;
  return `'${arg.replaceAll("'", `'\\''`)}'`;
}
