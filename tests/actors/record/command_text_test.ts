import { assertEquals } from "@std/assert";
import { commandText, runCommandText } from "../../../actors/record/command_text.ts";
import { readCommandLine } from "../../../experiments/terminal/command.ts";
import { reportSchema } from "../../../experiments/report.ts";
import { runOption } from "../../../experiments/terminal/run_options.ts";

Deno.test("a command is shown as it can be typed again", () => {
  assertEquals(
    commandText("table1", ["--preset", "small", "--dataset=my digits", "--runs", "../runs/a,b"]),
    "deno task table1 --preset small '--dataset=my digits' --runs ../runs/a,b",
  );
});

/** Names that a folder may have, and that a shell or an option would read as something else. */
const NAMES = [
  "runs/a",
  "my runs/a",
  "it's",
  "''",
  'a "b"',
  "$HOME",
  "`id`",
  "$(id)",
  "a\\b",
  "a\\'b",
  "*",
  "~",
  "~/a",
  "#a",
  "a;b",
  "a&b|c>d<e",
  "!x",
  "{a,b}",
  "[ab]?",
  "-a",
  "--",
  "--run",
  "=ls",
  "a=b",
  "a,b",
  "été\u2028",
  "line\nline",
  "tab\there",
];

/** The arguments that a POSIX shell hands to the program that is called in the place of `deno`. */
async function argumentsOf(text: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `deno() { printf '%s\\0' "$@"; }; ${text}`],
  }).output();
  return new TextDecoder().decode(stdout).split("\0").slice(0, -1);
}

Deno.test({
  name: "whatever a folder is called, the command that is shown for it means that folder",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const commands = { resume: { run: runOption }, report: { run: reportSchema.entries.run } };
    for (const [name, options] of Object.entries(commands)) {
      for (const directory of NAMES) {
        const text = runCommandText(name as keyof typeof commands, directory);
        const [task, command, ...args] = await argumentsOf(text);
        assertEquals([task, command], ["task", name], text);
        const given = readCommandLine(args, { name, summary: "", options });
        assertEquals([given!.run].flat(), [directory], text);
      }
    }
  },
});

Deno.test({
  name: "arguments come out of a shell as they went in",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const args = ["", ...NAMES];
    assertEquals(await argumentsOf(commandText("x", args)), ["task", "x", ...args]);
  },
});
