import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { documents, ROOT } from "./documents.ts";

const tasks: Readonly<Record<string, { readonly command: string }>> = config.tasks;

/** An option as a document writes it: of a task, or within a sentence of any. */
interface Use {
  readonly task: string | undefined;
  readonly flag: string;
  readonly value: string | undefined;
}

/** Every `deno task NAME ...`, in a block or within a sentence, as its words. */
function commandsIn(text: string): string[][] {
  const joined = text.replaceAll(/\\\n\s*/g, "");
  return [...joined.matchAll(/deno(?:@[\d.]+)? task (\w[^`\n]*)/g)]
    .map(([, words]) => words!.replace(/ #.*/, "").trim().split(/ +/));
}

/** `--mode sync` as code, of no task. */
function optionsIn(text: string): string[][] {
  return [...text.matchAll(/`(--[^`]+)`/g)].map(([, words]) => words!.split(" "))
    .filter(([flag]) => !flag!.startsWith("--allow-"));
}

function usesOf(task: string | undefined, words: readonly string[]): Use[] {
  return words.flatMap((flag, index) => {
    const next = words[index + 1];
    const values = next === undefined || next.startsWith("--") ? [undefined] : next.split("|");
    return flag.startsWith("--") ? values.map((value) => ({ task, flag, value })) : [];
  });
}

/** What `--help` says that the value of each option must be. */
async function helpOf(task: string): Promise<Map<string, string>> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task, "--help"],
    cwd: ROOT,
  }).output();
  const [text, problem] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, problem);
  return new Map(
    [...text!.matchAll(/^ {2}(--[\w-]+) +(.*)$/gm)].map(([, flag, meaning]) => [flag!, meaning!]),
  );
}

/** Whether an option may have a value, as far as its help can tell. */
function takes(meaning: string, value: string | undefined): boolean {
  if (value === undefined || /^[A-Z]/.test(value)) return true; // a name for what the reader has
  const range = /: an? (?:integer|number) from (\S+) to (\S+)/.exec(meaning);
  if (range) return Number(range[1]) <= Number(value) && Number(value) <= Number(range[2]);
  const choices = /: one of ([^[]*?)(?: or the path of a file)?(?: \[|$)/.exec(meaning)?.[1];
  return choices === undefined || value.includes("/") || choices.split(", ").includes(value);
}

Deno.test("what the documents say of commands is what the commands take", async () => {
  const named: string[] = [];
  const uses: (Use & { readonly path: string })[] = [];
  for (const [path, text] of await documents()) {
    for (const [task, ...words] of commandsIn(text)) {
      named.push(task!);
      uses.push(...usesOf(task, words).map((use) => ({ ...use, path })));
    }
    const alone = optionsIn(text).flatMap((words) => usesOf(undefined, words));
    uses.push(...alone.map((use) => ({ ...use, path })));
  }
  assertEquals(named.filter((task) => !Object.hasOwn(tasks, task)), []);
  const withOptions = [...new Set(uses.flatMap(({ task }) => task ?? []))];
  const help = new Map(
    await Promise.all(withOptions.map(async (task) => [task, await helpOf(task)] as const)),
  );
  assert(help.has("search"));
  const wrong = uses.filter(({ task, flag, value }) =>
    !(task ? [task] : withOptions).some((taker) => {
      const meaning = help.get(taker)!.get(flag);
      return meaning !== undefined && takes(meaning, value);
    })
  );
  assertEquals(wrong, []);
});

Deno.test("a wrong option is found in a document", () => {
  const text =
    "Type\n\n    deno task search --mode sync \\\n      --seed 7   # comment --x\n\nor `--mode a|b`.";
  assertEquals(commandsIn(text), [["search", "--mode", "sync", "--seed", "7"]]);
  assertEquals(optionsIn(text).flatMap((words) => usesOf(undefined, words)), [
    { task: undefined, flag: "--mode", value: "a" },
    { task: undefined, flag: "--mode", value: "b" },
  ]);
  assert(takes("how long: a number from 0.5 to 3 [default: 1]", "3"));
  assert(!takes("how long: a number from 0.5 to 3 [default: 1]", "4"));
  assert(!takes("which: one of a, b [default: a]", "c"));
  assert(takes("which: one of a, b or the path of a file", "x/c.ts"));
});
