import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { commandNames } from "../../commands.ts";
import project from "../../deno.json" with { type: "json" };
import type { Command } from "../../experiments/terminal/command.ts";

const ROOT = new URL("../../", import.meta.url);

/** Run `mddes` as a user does, with these flags of Deno. */
async function mddes(args: readonly string[], flags: readonly string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, "experiments/mddes.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, error: error! };
}

Deno.test("help and version are told without any permission", async () => {
  const { code, out } = await mddes(["--help"]);
  assertEquals(code, 0);
  for (const name of commandNames) {
    assertMatch(out, new RegExp(`^  ${name} +${project.tasks[name].description}$`, "m"));
  }
  assertEquals((await mddes([])).out, out);
  assertEquals((await mddes(["--version"])).out, `mddes ${project.version}\n`);
});

Deno.test("nothing of a command is loaded before it is asked for", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "experiments/mddes.ts"],
    cwd: ROOT,
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    readonly modules: readonly {
      readonly specifier: string;
      readonly dependencies?: readonly { readonly code?: { readonly specifier: string } }[];
    }[];
  };
  const loaded = new Set<string>();
  const visit = (url: string) => {
    if (loaded.has(url) || url.startsWith("node:")) return;
    loaded.add(url);
    const { dependencies = [] } = modules.find(({ specifier }) => specifier === url)!;
    for (const { code } of dependencies) if (code) visit(code.specifier);
  };
  visit(new URL("experiments/mddes.ts", ROOT).href);
  assertEquals([...loaded].map((url) => url.replace(ROOT.href, "")), [
    "experiments/mddes.ts",
    "commands.ts",
    "deno.json",
    "experiments/terminal/deno_version.ts",
  ]);
});

for (const name of commandNames) {
  Deno.test(`${name} is a file, a task and, where the name is free, an export`, async () => {
    const file = `experiments/${name}.ts`;
    const { commandLine, main } = await import(new URL(file, ROOT).href) as Command;
    assertEquals(commandLine.name, name);
    assertEquals(typeof main, "function");
    assertMatch(
      project.tasks[name].command,
      new RegExp(`^deno run (--lock=\\S+ )?(--allow-\\S+ )+${file}$`),
    );
    const exports: Readonly<Record<string, string>> = project.exports;
    const exported = name === "datasets" ? "./datasets/mod.ts" : `./${file}`;
    assertEquals(exports[`./${name}`], exported);
  });
}

Deno.test("what is misspelt is refused in one line that says what was probably meant", async () => {
  const cases: [args: string[], line: string][] = [
    [["serch"], "Unknown command serch; did you mean search?"],
    [["--verison"], "Unknown command --verison; did you mean --version?"],
    [["launch"], "Unknown command launch; `mddes --help` lists all"],
    [["search", "--epoch", "3"], "Unknown option --epoch; did you mean --epochs?"],
    [["search", "--cores"], "Unknown option --cores; `mddes search --help` lists all"],
    [
      ["completions", "tcsh"],
      "Cannot print completions: expected one of bash, zsh, fish, received tcsh",
    ],
  ];
  const results = await Promise.all(cases.map(([args]) => mddes(args, ["--allow-read"])));
  for (const [index, { code, error }] of results.entries()) {
    assertEquals([code, error], [2, `error: ${cases[index]![1]}\n`]);
  }
});

Deno.test("a command is called as it was started", async () => {
  assertStringIncludes(
    (await mddes(["search", "--help"], ["--allow-read"])).out,
    "\nUsage: mddes search [OPTIONS]\n",
  );
});

Deno.test("a Deno that is too old is refused in one line, by mddes and by each command", async () => {
  const preload = await Deno.makeTempFile({ suffix: ".js" });
  await Deno.writeTextFile(
    preload,
    `Object.defineProperty(Deno, "version", { value: { ...Deno.version, deno: "2.8.3" } });`,
  );
  const flags = ["--allow-read", `--preload=${preload}`];
  for (const args of [["--help"], ["report", "--help"]]) {
    const { code, error } = await mddes(args, flags);
    assertEquals(code, 2);
    assertMatch(error, /^error: mddes needs Deno 2\.9 or later, and this is 2\.8\.3; [^\n]+\n$/);
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...flags, "experiments/report.ts"],
    cwd: ROOT,
  }).output();
  assertEquals(code, 2);
  assertStringIncludes(new TextDecoder().decode(stderr), "mddes needs Deno 2.9");
  await Deno.remove(preload);
});

Deno.test("bash completes commands, options and choices", async () => {
  const { out: script } = await mddes(["completions", "bash"], ["--allow-read", "--allow-env"]);
  const cases: [line: string[], expected: RegExp][] = [
    [["mddes", "re"], /^resume replay report$/],
    [["mddes", "search", "--mode", ""], /^sync async$/],
    [["mddes", "search", "--mism"], /^--mismatch --mismatch-weight$/],
    [["mddes", "table1", "--preset", "s"], /^smoke small$/],
    [["mddes", "search", "--network", ""], /^$/],
    [["mddes", "datasets", "f"], /^fetch$/],
    [["mddes", "completions", ""], /^bash zsh fish$/],
  ];
  for (const [line, expected] of cases) {
    const { stdout, success } = await new Deno.Command("bash", {
      args: [
        "-c",
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mddes; echo "\${COMPREPLY[*]}"`,
        "bash",
        ...line,
      ],
    }).output();
    assert(success);
    assertMatch(new TextDecoder().decode(stdout).trimEnd(), expected, line.join(" "));
  }
});
