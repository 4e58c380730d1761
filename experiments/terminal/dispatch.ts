/**
 * From the first word after `mddes` to the command that it names.
 *
 * @module
 */
import { type CommandName, commandNames } from "../../commands.ts";
import { ConfigurationError } from "../../options.ts";
import { type Command, runCommand } from "./command.ts";
import { completionScript, SHELLS } from "./completions.ts";
import { suggestion } from "./nearest.ts";

/** Run the command that a word names to its end, and the process with it. */
export async function dispatch(word: string, args: readonly string[]): Promise<never> {
  if (word === "completions") return await runCommand(printCompletions, args);
  const name = commandNames.find((name) => name === word);
  if (name) return await runCommand((await load(name)).main, args);
  return await runCommand(() => Promise.reject(unknown(word)));
}

/** A literal path would have every command fetched with each. */
async function load(name: CommandName): Promise<Command> {
  return await import(new URL(`../${name}.ts`, import.meta.url).href) as Command;
}

function unknown(word: string): ConfigurationError {
  const near = suggestion(word, [...commandNames, "completions", "--help", "--version"]);
  return new ConfigurationError(
    `Unknown command ${word}${near || "; `mddes --help` lists all"}`,
  );
}

async function printCompletions(args: readonly string[]): Promise<void> {
  const shell = SHELLS.find((shell) => args.length === 1 && shell === args[0]);
  if (!shell) {
    throw new ConfigurationError(
      `Cannot print completions: expected one of ${SHELLS.join(", ")}, received ` +
        (args.join(" ") || "nothing"),
    );
  }
  const commands = await Promise.all(commandNames.map(load));
  console.log(completionScript(shell, commands.map(({ commandLine }) => commandLine)));
}
