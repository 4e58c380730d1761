import { assertEquals } from "@std/assert";
import { commandText, runCommandText, startOf } from "../command_text.ts";
import { readCommandLine } from "../experiments/terminal/command.ts";
import { commandLine as report } from "../experiments/report.ts";
import { commandLine as resume } from "../experiments/resume.ts";

const LOCAL = new URL("file:///home/me/mddes/");
const JSR = new URL("https://jsr.io/@mddes/mddes/0.2.0/");

Deno.test("a command is shown as it is typed where this process was started", () => {
  const run = "deno run --allow-read --allow-write --allow-env --allow-sys --allow-ffi " +
    "--allow-run --allow-net";
  const cases: [main: string | undefined, root: URL, expected: string][] = [
    ["file:///home/me/mddes/experiments/search.ts", LOCAL, "deno task resume"],
    ["file:///home/me/mddes/examples/embed.ts", LOCAL, "deno task resume"],
    [undefined, LOCAL, "deno task resume"],
    ["file:///home/me/mddes/experiments/mddes.ts", LOCAL, "mddes resume"],
    ["jsr:@mddes/mddes/mddes", JSR, "mddes resume"],
    ["jsr:@mddes/mddes@0.2/mddes", JSR, "mddes resume"],
    ["https://jsr.io/@mddes/mddes/0.2.0/experiments/mddes.ts", JSR, "mddes resume"],
    ["jsr:@mddes/mddes/search", JSR, `${run} jsr:@mddes/mddes/resume`],
    ["jsr:@mddes/mddes@^0.2.0/search", JSR, `${run} jsr:@mddes/mddes@^0.2.0/resume`],
    ["file:///home/me/program.ts", JSR, `${run} jsr:@mddes/mddes@0.2.0/resume`],
    [
      "file:///home/me/program.ts",
      LOCAL,
      `${run} file:///home/me/mddes/experiments/resume.ts`,
    ],
    [
      "http://127.0.0.1/a/experiments/search.ts",
      new URL("http://127.0.0.1/a/"),
      `${run} http://127.0.0.1/a/experiments/resume.ts`,
    ],
  ];
  for (const [main, root, expected] of cases) {
    assertEquals(startOf("resume", main, root).join(" "), expected, main);
  }
});

Deno.test("a command whose name is that of a library's entry is reached through mddes", () => {
  assertEquals(
    startOf("datasets", "jsr:@mddes/mddes/search", JSR).slice(-2),
    ["jsr:@mddes/mddes/mddes", "datasets"],
  );
});

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
    for (const [name, line] of [["resume", resume], ["report", report]] as const) {
      for (const directory of NAMES) {
        const text = runCommandText(name, directory);
        const [task, command, ...args] = await argumentsOf(text);
        assertEquals([task, command], ["task", name], text);
        const given = readCommandLine(args, line);
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
    assertEquals(await argumentsOf(commandText("demo", args)), ["task", "demo", ...args]);
  },
});
