import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { search } from "../../mod.ts";
import { bytesIn } from "../actors/image_folder.ts";
import { COMPARABLE, readFiles, single } from "../actors/small_search.ts";

const example = "examples/my_network.ts";
const root = new URL("../..", import.meta.url);

/** Run a command of the project as a user does. */
async function run(script: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", `experiments/${script}.ts`, ...args],
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, text: `${output}${errors}` };
}

Deno.test("a network of one's own is searched with, in workers and in processes, and tested", async () => {
  const folder = await Deno.makeTempDir();
  const files: string[][] = [];
  for (const isolation of ["worker", "process"] as const) {
    const directory = `${folder}/${isolation}`;
    const network = new URL(example, root).href;
    await using run = search({ ...single, generations: 1, network, isolation, directory });
    await run.result;
    const { configuration } = JSON.parse(Deno.readTextFileSync(`${directory}/config.json`));
    assertEquals(configuration.network, network);
    files.push(readFiles(directory, COMPARABLE));
  }
  assertEquals(files[1], files[0]);

  const { code, text } = await run(
    "evaluate",
    ...["--run", `${folder}/worker`, "--network", `./${example}`, "--devices", "cpu"],
    ...["--train-size", "40", "--batch-size", "20", "--epochs", "1", "--repeats", "2"],
  );
  assertEquals(code, 0, text);
  assertStringIncludes(text, "my-network, 1 epochs, adam at 0.001 (constant), 2 repeats");
  const file = "evaluation-my-network-adam-train-size-40-batch-size-20-epochs-1-repeats-2.csv";
  const csv = Deno.readTextFileSync(`${folder}/worker/${file}`);
  const rows = parse(csv, { skipFirstRow: true });
  assertEquals(rows.map(({ engine }) => engine), ["onnx/cpu", "onnx/cpu"]);

  const defended = await run(
    "defences",
    ...["--run", `${folder}/worker`, "--devices", "cpu", "--runs", `${folder}/networks`],
    ...["--train-size", "40", "--batch-size", "20", "--epochs", "1", "--repeats", "2"],
    ...["--methods", "mddes", "--defences", "none"],
  );
  assertEquals(defended.code, 0, defended.text);
  const alike = parse(
    Deno.readTextFileSync(`${folder}/worker/defences-synthetic-my-network-adam/networks.csv`),
    { skipFirstRow: true },
  );
  assertEquals(
    alike.map((row) => row["test_loss"]),
    rows.map((row) => row["test_loss"]),
    "the network of the run is that of its file",
  );

  Deno.writeTextFileSync(
    `${folder}/loud.ts`,
    `console.log("loading"); export { default } from ${
      JSON.stringify(new URL(example, root).href)
    };`,
  );
  const loud = await run(
    "evaluate",
    ...["--run", `${folder}/worker`, "--network", `${folder}/loud.ts`, "--devices", "cpu"],
    ...["--train-size", "40", "--batch-size", "20", "--epochs", "1", "--repeats", "1"],
  );
  assertEquals(loud.code, 0, loud.text);
  assertEquals(loud.text.match(/loading/g)?.length, 1, "a file is loaded once");

  const few = await run(
    "evaluate",
    ...["--run", `${folder}/worker`, "--network", `./${example}`, "--train-size", "40"],
  );
  assertEquals(few.code, 2, few.text);
  assertStringIncludes(few.text, "at least one batch of 128 training images, received 40");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a run does not go on with a network whose file was changed", async () => {
  const folder = await Deno.makeTempDir();
  const [network, directory] = [`${folder}/mine.ts`, `${folder}/run`];
  const text = Deno.readTextFileSync(new URL(example, root));
  Deno.writeTextFileSync(network, text);
  {
    await using run = search({ ...single, generations: 1, network, directory });
    await run.result;
  }
  Deno.writeTextFileSync(network, text.replace("filters: 8", "filters: 4"));
  const before = bytesIn(directory);
  const changed = await run("resume", "--run", directory, "--generations", "2");
  assertEquals(changed.code, 2, changed.text);
  assertStringIncludes(changed.text, "its configuration was changed: networkSha256 was");
  await Deno.remove(network);
  const gone = await run("resume", "--run", directory);
  assertEquals(gone.code, 2, gone.text);
  assertStringIncludes(gone.text, `Cannot use the network in ${network}: there is no such file`);
  assertEquals(bytesIn(directory), before, "what is refused changes nothing");
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "Ctrl-C ends a search while it loads a network whose file never ends",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    Deno.writeTextFileSync(`${folder}/endless.ts`, "console.log('loading'); for (;;);");
    await using search = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "experiments/search.ts", "--dataset", "synthetic"]
        .concat("--network", `${folder}/endless.ts`, "--out", `${folder}/run`),
      cwd: root,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const reader = search.stderr.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; !text.includes("loading");) text += (await reader.read()).value;
    search.kill("SIGINT");
    assertEquals((await search.status).code, 130);
    await reader.cancel();
    await assertRejects(() => Deno.stat(`${folder}/run`), Deno.errors.NotFound);
    await Deno.remove(folder, { recursive: true });
  },
});
