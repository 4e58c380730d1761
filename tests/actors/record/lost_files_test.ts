/** A run whose files are taken away ends soon, with one line, and puts nothing in their place. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigurationError, minimize } from "../../../mod.ts";
import { Log, readLog } from "../../../actors/record/log.ts";

const evaluator = new URL("../objectives/sphere.ts", import.meta.url);
const population = 6;

/** Begin a run, and do something to its folder after its first generation. */
async function disturbed(change: (directory: string) => void) {
  const root = await Deno.makeTempDir();
  const directory = `${root}/run`;
  await using run = minimize({
    evaluator,
    mean: [1, 1, 1],
    sigma: 0.5,
    population,
    generations: 2000,
    seed: 1,
    workers: 2,
    directory,
  });
  let known: number | undefined;
  let reported = 0;
  const { message } = await assertRejects(async () => {
    for await (const event of run) {
      if (event.type !== "generation") continue;
      reported++;
      if (known !== undefined) continue;
      // Events wait for whoever iterates; the file has all that were reported so far.
      known = Deno.readTextFileSync(`${directory}/generations.csv`).split("\n").length - 2;
      change(directory);
    }
  }, ConfigurationError);
  assert(!message.includes("\n"), message);
  assertEquals(reported, known, "a generation was reported that nobody can read");
  return { root, directory, message };
}

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("a run whose journal is removed ends within a generation", async () => {
  const { root, directory, message } = await disturbed((directory) =>
    Deno.removeSync(`${directory}/journal.jsonl`)
  );
  assertStringIncludes(message, `${directory}/journal.jsonl was removed, replaced or changed`);
  assert(!namesIn(directory).includes("journal.jsonl"));
  const { status } = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
  assertEquals(status, "failed");
  await Deno.remove(root, { recursive: true });
});

Deno.test("a run whose folder is removed ends within a generation and leaves nothing", async () => {
  const { root, message } = await disturbed((directory) =>
    Deno.removeSync(directory, { recursive: true })
  );
  assertStringIncludes(message, "was removed");
  assertEquals(namesIn(root), []);
  await Deno.remove(root, { recursive: true });
});

Deno.test("a run whose folder is moved writes nothing into what is put in its place", async () => {
  const { root, directory } = await disturbed((directory) => {
    Deno.renameSync(directory, `${directory}-moved`);
    Deno.mkdirSync(directory);
    Deno.writeTextFileSync(`${directory}/journal.jsonl`, "of another run\n");
  });
  assertEquals(namesIn(directory), ["journal.jsonl"]);
  assertEquals(Deno.readTextFileSync(`${directory}/journal.jsonl`), "of another run\n");
  await Deno.remove(root, { recursive: true });
});

Deno.test("a log goes on after a line that was not written whole", () => {
  const path = `${Deno.makeTempDirSync()}/log.jsonl`;
  for (const text of ["first", "second"]) {
    using log = new Log(path);
    log.add({ type: "log", at: 0, actor: "a", level: "info", text, fields: {} } as never);
    Deno.writeTextFileSync(path, `{"time":"20`, { append: true });
  }
  assertEquals(readLog(path).map(({ text }) => text), ["first", "second"]);
});
