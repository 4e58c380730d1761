/**
 * `mddes`: every command of this project as one. What a command needs is loaded when it is asked for.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { commandNames, COMMANDS } from "../commands.ts";
import project from "../deno.json" with { type: "json" };
import { refuseOldDeno } from "./terminal/deno_version.ts";

/** What `mddes --help` prints. */
function helpText(): string {
  const width = Math.max(...commandNames.map((name) => name.length));
  const groups = Object.entries(COMMANDS).flatMap(([title, names]) => [
    "",
    `${title}:`,
    ...names.map((name) => `  ${name.padEnd(width)}  ${project.tasks[name].description}`),
  ]);
  return [
    "Find the few pixels that, added to training images, make a network stop generalising.",
    "",
    "Usage: mddes COMMAND [OPTIONS]",
    ...groups,
    "",
    "mddes COMMAND --help             what a command takes",
    "mddes completions SHELL          what bash, zsh or fish need to complete all of this",
    "mddes --version                  the version",
  ].join("\n");
}

async function dispatchLazily(word: string, args: readonly string[]): Promise<void> {
  // A literal path, and a type, would have everything behind it fetched at every start.
  const path = new URL("./terminal/dispatch.ts", import.meta.url);
  const isLocal = path.protocol === "file:";
  if (isLocal && Deno.permissions.querySync({ name: "read", path }).state !== "granted") {
    const root = fileURLToPath(new URL("..", import.meta.url));
    console.error(`error: Cannot begin without --allow-read=${root} (modules of mddes)`);
    Deno.exit(2);
  }
  const { dispatch } = await import(path.href) as {
    readonly dispatch: (word: string, args: readonly string[]) => Promise<never>;
  };
  await dispatch(word, args);
}

if (import.meta.main) {
  refuseOldDeno();
  const [word = "--help", ...args] = Deno.args;
  if (["--help", "-h"].includes(word)) console.log(helpText());
  else if (["--version", "-V"].includes(word)) console.log(`mddes ${project.version}`);
  else await dispatchLazily(word, args);
}
