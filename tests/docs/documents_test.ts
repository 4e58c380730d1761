import { assert, assertEquals } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { documents, ROOT } from "./documents.ts";

/** The words behind the three ticks that begin a block of code. */
function fencesIn(text: string): string[] {
  return [...text.matchAll(/^```(.+)$/gm)].map(([, words]) => words!);
}

Deno.test("every program in the documents is run by the tests", async () => {
  const tested = config.tasks.test.command.split(" ");
  for (const [path, text] of await documents()) {
    const fences = fencesIn(text);
    const odd = fences.filter((words) => !["ts", "sh", "json", "text"].includes(words));
    assertEquals(odd, [], `${path}: a block that is neither run, nor typed into a shell, nor read`);
    for (const [, block] of text.matchAll(/^```json\n(.*?)^```$/gms)) JSON.parse(block!);
    const isRun = tested.some((tests) => path === tests || path.startsWith(`${tests}/`));
    assert(isRun || !fences.includes("ts"), `the task "test" leaves out the programs in ${path}`);
  }
});

Deno.test("links between the documents lead to files", async () => {
  for (const [path, text] of await documents()) {
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
      const { isFile, isDirectory } = await Deno.stat(new URL(target!, new URL(path, ROOT)));
      assert(isFile || isDirectory, `${path}: ${target}`);
    }
  }
});
