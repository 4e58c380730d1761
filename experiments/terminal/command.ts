/**
 * What every command does alike: read options, answer `--help`, stop on a signal, and end with one
 * clear line and the right exit code when something is wrong.
 *
 * @module
 */
// @ts-types="../../deps/std/parse_args.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { commandText } from "../../command_text.ts";
import type { CommandName } from "../../commands.ts";
import { RunStopped } from "../../actors/population/run.ts";
import { RequestError } from "../../actors/runtime/mod.ts";
import {
  ConfigurationError,
  describeOption,
  flagOf,
  needsText,
  type OptionInfo,
  type OptionSchemas,
} from "../../options.ts";
import { isGranted } from "../../permissions.ts";
import { outliveTerminal } from "./closed_terminal.ts";
import { refuseOldDeno } from "./deno_version.ts";
import { suggestion } from "./nearest.ts";
import { plainText } from "./plain_text.ts";

/** Tells whoever stopped a command how to go on; passes other errors on. */
export function onStop(howToGoOn: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof RunStopped ? new RunStopped(`Stopped. ${howToGoOn}`) : error;
  };
}

/** How a command is called. */
export interface CommandLine {
  readonly name: CommandName;
  /** What it does, in a sentence or two. */
  readonly summary: string;
  readonly options: OptionSchemas;
  /** What stands before the options, such as `fetch NAME`; the option `words` gets it. */
  readonly words?: string;
}

/** What the file of a command exports. */
export interface Command {
  readonly commandLine: CommandLine;
  readonly main: Main;
}

/** Does what a command does. One that takes the signal may be long, and stops when it is aborted. */
export type Main = (args: readonly string[], signal: AbortSignal) => Promise<void>;

/** Thrown for a failure that is nobody's mistake, such as a broken download. One line. */
export class CommandFailed extends Error {}

/**
 * Read a command line.
 *
 * @returns The options that were given, or `undefined` if help was asked for and has been printed.
 * @throws {ConfigurationError} If an option is unknown, or is not what it must be.
 */
export function readCommandLine(
  args: readonly string[],
  command: CommandLine,
): Record<string, unknown> | undefined {
  const byFlag = new Map(Object.keys(command.options).map((name) => [flagOf(name), name]));
  const isSwitch = (name: string) => describeOption(command.options[name]!).kind === "switch";
  const [switches, others] = [true, false].map((wanted) =>
    [...byFlag].filter(([, name]) => isSwitch(name) === wanted).map(([flag]) => flag.slice(2))
  );
  const unknown: string[] = [];
  const withValue = args.find((arg) => switches!.some((name) => arg.startsWith(`--${name}=`)));
  if (withValue !== undefined) {
    throw new ConfigurationError(`Option ${withValue.replace("=", " takes no value, received ")}`);
  }
  if (args.includes("--")) {
    throw new ConfigurationError(
      "Unknown option --; options stand behind the command without it",
    );
  }
  const parsed = parseArgs(withOddValues(args, byFlag), {
    string: [...others!, "_"],
    collect: others!,
    boolean: ["help", ...switches!],
    alias: { help: "h" },
    unknown: (argument) => {
      if (command.words !== undefined && !argument.startsWith("-")) return true;
      unknown.push(argument);
      return false;
    },
  });
  if (parsed.help !== false) {
    console.log(helpText(command));
    return undefined;
  }
  if (unknown.length > 0) {
    const near = suggestion(unknown[0]!.replace(/=.*/s, ""), [...byFlag.keys(), "--help"]);
    throw new ConfigurationError(
      `Unknown option ${unknown[0]}${
        near || `; \`${commandText(command.name, ["--help"])}\` lists all`
      }`,
    );
  }
  const given: Record<string, unknown> = command.words === undefined ? {} : { words: parsed._ };
  for (const [flag, name] of byFlag) {
    if (isSwitch(name)) {
      if (parsed[flag.slice(2)] === true) given[name] = true;
      continue;
    }
    const texts = parsed[flag.slice(2)] as readonly string[];
    if (texts.length === 0) continue;
    const info = describeOption(command.options[name]!);
    const values = texts.map((text) => readValue(flag, text, info));
    if (values.length > 1 && info.kind !== "list") {
      throw new ConfigurationError(`Option ${flag} was given more than once`);
    }
    given[name] = info.kind === "list" ? values.flat() : values[0];
  }
  return given;
}

/** `--seed -1` is `--seed=-1`, and not two options; so is `--out ''`, and not an option and a word. */
function withOddValues(
  args: readonly string[],
  flags: ReadonlyMap<string, string>,
): string[] {
  const isValue = (index: number) =>
    /^(-[\d.]|$)/.test(args[index] ?? "-") && flags.has(args[index - 1] ?? "");
  return args.flatMap((arg, index) => {
    if (isValue(index)) return [];
    return isValue(index + 1) ? [`${arg}=${args[index + 1]}`] : [arg];
  });
}

/**
 * The value of an option that was given as a text; it is not checked against the option's range.
 *
 * @throws {ConfigurationError} If the text is empty, or is no number where one is needed.
 */
export function readValue(flag: string, text: string, { kind, expected }: OptionInfo): unknown {
  if (text === "") {
    throw new ConfigurationError(`Option ${flag} must be ${expected}, received nothing`);
  }
  switch (kind) {
    case "integer":
    case "number":
      if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
        throw new ConfigurationError(`Option ${flag} must be ${expected}, received "${text}"`);
      }
      return Number(text);
    case "list":
      return text.split(/(?<!\\),/).map((item) => item.replaceAll("\\,", ","));
    case "choice":
    case "text":
    case "switch":
      return text;
  }
}

/** What `--help` prints. */
export function helpText({ name, summary, options, words }: CommandLine): string {
  const rows = Object.entries(options).map(([option, schema]) => {
    const { kind, expected, description, needs, default: fallback } = describeOption(schema);
    if (kind === "switch") return [flagOf(option), description] as const;
    const shown = Array.isArray(fallback) ? fallback.join(",") : fallback;
    const ending = fallback === undefined ? "" : ` [default: ${shown}]`;
    const choices = needsText(needs, flagOf);
    const condition = choices === "" ? "" : ` [only with ${choices}]`;
    return [flagOf(option), `${description}: ${expected}${ending}${condition}`] as const;
  });
  const width = Math.max(...rows.map(([flag]) => flag.length), "--help".length);
  const lines = [...rows, ["--help", "show this text"] as const]
    .map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`);
  return [
    summary,
    "",
    `Usage: ${[commandText(name), words, "[OPTIONS]"].filter(Boolean).join(" ")}`,
    "",
    ...lines,
  ].join("\n");
}

/** A second signal that comes later than this ends the process at once. */
const IMPATIENT_MS = 1000;

/**
 * Signals that ask a process to end, by their numbers: Ctrl-C, `kill` and batch systems, a terminal
 * that is closed.
 */
const STOP_SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

type StopSignal = keyof typeof STOP_SIGNALS;

/** Of a command that was stopped: what a shell says of a process that a signal has ended. */
function stoppedCode(signal: StopSignal): number {
  return 128 + STOP_SIGNALS[signal];
}

/**
 * Run a command to its end, and the process with it. A command that takes a signal is stopped by
 * Ctrl-C, SIGTERM and SIGHUP; others are short, and end at once.
 *
 * @param args What follows its name on the command line.
 *
 * Exit codes: 0 done, 2 something the user gave cannot be used, 130 stopped with Ctrl-C, 143 with
 * SIGTERM, 129 with SIGHUP, 1 any other failure.
 */
export async function runCommand(
  main: Main,
  args: readonly string[] = Deno.args,
): Promise<never> {
  refuseOldDeno();
  const stop = new AbortController();
  let first: { readonly at: number; readonly signal: StopSignal } | undefined;
  const onSignal = (signal: StopSignal) => {
    // One Ctrl-C can come twice: from the terminal, and passed on by `deno task`.
    if (first && performance.now() - first.at > IMPATIENT_MS) Deno.exit(stoppedCode(signal));
    first ??= { at: performance.now(), signal };
    stop.abort();
  };
  if (main.length > 1) listen(onSignal);
  outliveTerminal();
  const code = await exitCodeOf(() => main(args, stop.signal));
  Deno.exit(code === stoppedCode("SIGINT") && first ? stoppedCode(first.signal) : code);
}

/** What was started with `nohup` goes on when its terminal is closed. */
function listen(onSignal: (signal: StopSignal) => void): void {
  const isWindows = Deno.build.os === "windows";
  const outlivesTerminal = !isWindows && isIgnored("SIGHUP");
  for (const signal of isWindows ? ["SIGINT"] as const : ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // With a listener for any signal, Deno ends at a SIGHUP that has none, even if it was ignored.
    const isPassedOver = signal === "SIGHUP" && outlivesTerminal;
    Deno.addSignalListener(signal, isPassedOver ? () => {} : () => onSignal(signal));
  }
}

/** Whether this process was started with a signal ignored: then every process it starts is, too. */
function isIgnored(signal: Deno.Signal): boolean {
  const shell = "/bin/sh";
  if (!isGranted({ name: "run", command: shell })) return false; // Nobody can tell, nor without one.
  const args = ["-c", `kill -s ${signal.slice("SIG".length)} $$`];
  try {
    return new Deno.Command(shell, { args, stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** What went wrong first: what came of it while files were closed is not the reason. */
function firstOf(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstOf(thrown.suppressed) : thrown;
}

/** Run a command to its end, and say in one line why it failed. The codes are those of a process. */
export async function exitCodeOf(main: () => Promise<void>): Promise<number> {
  try {
    await main();
    return 0;
  } catch (thrown) {
    const error = firstOf(thrown);
    if (error instanceof RunStopped) {
      console.error(error.message);
      return stoppedCode("SIGINT");
    }
    // A reader throws a SyntaxError for a file that is damaged, and Deno names the flag that is missing.
    const isGiven = error instanceof ConfigurationError || error instanceof SyntaxError ||
      error instanceof Deno.errors.NotCapable;
    if (isGiven) {
      const said = error instanceof ConfigurationError ? error.messageWith(flagOf) : error.message;
      console.error(`error: ${plainText(said)}`);
      return 2;
    }
    // What an actor failed with is in a RequestError's message; its stack is that of the runtime.
    const isOneLine = error instanceof CommandFailed ||
      error instanceof RequestError ||
      (error instanceof Error && "code" in error);
    console.error(isOneLine ? `error: ${plainText(error.message)}` : error);
    return 1;
  }
}
