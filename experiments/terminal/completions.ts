/**
 * Completions of `mddes` for shells, from the tables of options that the commands read.
 *
 * @module
 */
import { describeOption, flagOf } from "../../options.ts";
import type { CommandLine } from "./command.ts";

/** Shells that there are completions for. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** An option of a command. */
interface CompletedOption {
  /** Such as `--mode`. */
  readonly flag: string;
  readonly description: string;
  /** What it can be; `path` where that may be a file, `none` where nothing follows. */
  readonly values: readonly string[] | "path" | "none";
}

/** A command, as a shell completes it. */
interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  /** What can be typed besides the options. */
  readonly words: readonly string[];
  readonly options: readonly CompletedOption[];
}

/** What a shell reads to complete `mddes`. */
export function completionScript(
  shell: (typeof SHELLS)[number],
  commandLines: readonly CommandLine[],
): string {
  const commands = [...commandLines.map(completed), {
    name: "completions",
    summary: "What a shell needs to complete all of this.",
    words: SHELLS,
    options: [],
  }];
  return { bash, zsh, fish }[shell](commands);
}

function completed({ name, summary, options, words = "" }: CommandLine): CompletedCommand {
  return {
    name,
    summary,
    // What is typed as it stands is in small letters.
    words: [...words.match(/\b[a-z]+\b/g) ?? [], "--help"],
    options: Object.entries(options).map(([option, schema]) => {
      const { kind, choices = [], description } = describeOption(schema);
      const isPath = kind === "text" || kind === "list";
      const values = kind === "switch" ? "none" : isPath ? "path" : choices;
      return { flag: flagOf(option), description, values };
    }),
  };
}

function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.flatMap(({ name, words, options }) => [
    ...options.flatMap(({ flag, values }) =>
      values === "none"
        ? []
        : `    "${name} ${flag}") words="${values === "path" ? "" : values.join(" ")}" ;;`
    ),
    `    "${name} "*) words="${[...words, ...options.map(({ flag }) => flag)].join(" ")}" ;;`,
  ]);
  return `# mddes completions bash > ~/.local/share/bash-completion/completions/mddes
_mddes() {
  local words=""
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD - 1]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" = 1 ]; then words="${
    commands.map(({ name }) => name).join(" ")
  } --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _mddes mddes`;
}

function zsh(commands: readonly CompletedCommand[]): string {
  const described = (name: string, text: string) =>
    `'${`${name}:${text}`.replaceAll("'", "'\\''")}'`;
  const cases = commands.flatMap(({ name, words, options }) => [
    ...options.flatMap(({ flag, values }) =>
      values === "none"
        ? []
        : `    ("${name} ${flag}") ${
          values === "path" ? "_files" : `compadd -- ${values.join(" ")}`
        } ;;`
    ),
    `    ("${name} "*)
      options=(${options.map(({ flag, description }) => described(flag, description)).join(" ")})
      compadd -- ${words.join(" ")}
      _describe -o option options || _files ;;`,
  ]);
  return `# mddes completions zsh > ~/.mddes.zsh, and in ~/.zshrc after compinit: source ~/.mddes.zsh
_mddes() {
  local -a commands options
  if ((CURRENT == 2)); then
    commands=(${commands.map(({ name, summary }) => described(name, summary)).join(" ")})
    _describe command commands
    return
  fi
  case "$words[2] $words[CURRENT - 1]" in
${cases.join("\n")}
  esac
}
compdef _mddes mddes`;
}

function fish(commands: readonly CompletedCommand[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const lines = commands.flatMap(({ name, summary, words, options }) => {
    const within = `complete -c mddes -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c mddes -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      `${within} -a '${words.join(" ")}'`,
      ...options.map(({ flag, description, values }) =>
        `${within} -l ${flag.slice(2)} -d ${quoted(description)} ` +
        (values === "none" ? "" : values === "path" ? "-r -F" : `-x -a '${values.join(" ")}'`)
      ),
    ];
  });
  return `# mddes completions fish > ~/.config/fish/completions/mddes.fish
complete -c mddes -f
${lines.join("\n")}`;
}
