import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { minimize, search } from "../../../mod.ts";
import { exitCodeOf } from "../../../experiments/terminal/command.ts";
import { main as evaluate } from "../../../experiments/evaluate.ts";
import { main as searchCommand } from "../../../experiments/search.ts";
import { brief, noise, writeImages } from "../../actors/image_folder.ts";
import { COMPARABLE, finishedCopy, readFiles, single } from "../../actors/small_search.ts";
import { temporaryFolder } from "../../datasets/small_set.ts";

type Main = typeof searchCommand;

/** Run a command here, with what it prints. */
async function run(main: Main, ...args: string[]): Promise<{ code: number; text: string }> {
  let text = "";
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => text += `${words.join(" ")}\n`;
  try {
    return { code: await exitCodeOf(() => main(args, new AbortController().signal)), text };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** A command that is refused says why in one line. */
async function refused(main: Main, ...args: string[]): Promise<string> {
  const { code, text } = await run(main, ...args);
  assertEquals(code, 2, text);
  assertMatch(text, /^error: [^\n]+\n$/);
  return text.slice("error: ".length, -1);
}

Deno.test("a search is made again from its config.json, whole or in part; the command line wins", async () => {
  using folder = temporaryFolder();
  const [first, whole, part, other] = ["first", "whole", "part", "other"]
    .map((name) => `${folder.path}/${name}`) as [string, string, string, string];
  await finishedCopy(first);
  const file = `${first}/config.json`;
  const { configuration } = JSON.parse(Deno.readTextFileSync(file));
  const partial = `${folder.path}/part.json`;
  Deno.writeTextFileSync(partial, JSON.stringify(configuration));
  assertEquals((await run(searchCommand, "--config", file, "--out", whole)).code, 0);
  assertEquals((await run(searchCommand, "--config", partial, "--out", part)).code, 0);
  assertEquals(readFiles(whole, COMPARABLE), readFiles(first, COMPARABLE));
  assertEquals(readFiles(part, COMPARABLE), readFiles(first, COMPARABLE));

  const flags = ["--seed", "12", "--generations", "1", "--out", other];
  assertEquals((await run(searchCommand, ...flags, "--config", file)).code, 0);
  const again = JSON.parse(Deno.readTextFileSync(`${other}/config.json`)).configuration;
  assertEquals(again, { ...configuration, seed: 12, generations: 1 });
});

Deno.test("what is wrong in a configuration file is one line with the file and the option", async () => {
  using folder = temporaryFolder();
  const file = `${folder.path}/config.json`;
  const cases: [string, string][] = [
    ["{", `Cannot read ${file}: `],
    ["epochs:\n  3\n", `Cannot read ${file}: `],
    [
      "[]",
      `Cannot read ${file}: expected options as config.json of a search has them, received []`,
    ],
    ["null", "received null"],
    ["3", "received 3"],
    ['{"configuration": {"seed": 1}}', "expected format 1 of a search, received format undefined"],
    ['{"format": 1, "kind": "minimize", "configuration": {}}', "received format 1 of a minimize"],
    ['{"format": 1, "kind": "search", "configuration": []}', `Cannot read ${file}`],
    ['{"epoch": 3}', `Unknown option epoch in ${file}`],
    ['{"config": "a"}', `Unknown option config in ${file}`],
    ['{"__proto__": {"epochs": 3}}', `Unknown option __proto__ in ${file}`],
    ['{"epochs": "3"}', `Option epochs in ${file} must be an integer from 1 to 1000, received "3"`],
    ['{"devices": "cpu"}', `Option devices in ${file} must be a list such as auto or cpu:4`],
    ['{"population": null}', `Option population in ${file} must be an integer`],
  ];
  for (const [text, message] of cases) {
    Deno.writeTextFileSync(file, text);
    for (const main of [searchCommand, (...args: Parameters<Main>) => evaluate(...args)]) {
      // A search's own options are nothing to an evaluation.
      if (main !== searchCommand && text.includes("population")) continue;
      const rest = main === searchCommand
        ? ["--dataset", "nist", "--out", `${folder.path}/run`]
        : ["--run", "none"];
      assertStringIncludes(await refused(main, "--config", file, ...rest), message);
    }
  }
  Deno.writeTextFileSync(file, '{"epochs": "3", "seed": 4}');
  const flags = ["--config", file, "--out", `${folder.path}/run`, "--epochs", "0"];
  assertStringIncludes(
    await refused(searchCommand, ...flags),
    "Option --epochs must be an integer",
  );
  Deno.writeTextFileSync(file, '{"dataset": "synthetic", "strategy": "best"}');
  assertStringIncludes(
    await refused(searchCommand, "--config", file, "--out", `${folder.path}/run`),
    `Option strategy in ${file} must be one of cma-es, `,
  );
  const none = `${folder.path}/none.json`;
  assertStringIncludes(
    await refused(searchCommand, "--config", none),
    `Cannot read ${none}: No such`,
  );
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["config.json"]);
});

Deno.test("an option means something with the choices of the file, too, and the file is not asked for meaning", async () => {
  using folder = temporaryFolder();
  const [file, out] = [`${folder.path}/config.json`, `${folder.path}/run`];
  const drop = { mode: "async", staleness: "drop", maxAge: 2 };
  const options = { ...single, generations: 1, finalistRepeats: 0 };
  const write = (more: object) =>
    Deno.writeTextFileSync(file, JSON.stringify({ ...options, ...more }));
  write(drop);
  assertEquals(
    await refused(
      searchCommand,
      "--config",
      file,
      "--out",
      out,
      "--mode",
      "sync",
      "--max-age",
      "3",
    ),
    "Option --max-age means something only with --staleness drop and --mode async, received " +
      "--mode sync",
  );
  const { code, text } = await run(searchCommand, "--config", file, "--out", out, "--max-age", "3");
  assertEquals(code, 0, text);
  write({ ...drop, mode: "sync" });
  const again = await run(searchCommand, "--config", file, "--out", `${out}2`);
  assertEquals(again.code, 0, again.text);
});

Deno.test("an evaluation takes the network of the run, and with its config.json everything else", async () => {
  using folder = temporaryFolder();
  const [directory, network] = [`${folder.path}/run`, `${folder.path}/mine.ts`];
  const example = new URL("../../../examples/my_network.ts", import.meta.url);
  Deno.copyFileSync(example, network);
  {
    const options = { ...single, generations: 1, finalists: 1, optimizer: "nesterov" };
    await using begun = search({ ...options, network, seed: 5, directory });
    await begun.result;
  }
  const flags = ["--run", directory, "--repeats", "1"];
  const config = ["--config", `${directory}/config.json`];
  const few = ["--train-size", "32", "--batch-size", "16", "--epochs", "1", "--devices", "cpu"];
  const own = await run(evaluate, ...flags, ...few);
  assertStringIncludes(own.text, "my-network, 1 epochs, adam at 0.001 (constant)");
  const followed = await run(evaluate, ...flags, ...config);
  assertStringIncludes(followed.text, ": 32 to train on\n");
  assertStringIncludes(followed.text, "my-network, 1 epochs, nesterov at ");
  const other = await run(evaluate, ...flags, ...config, "--network", "graynet");
  assertStringIncludes(other.text, "graynet, 1 epochs, nesterov at ");

  const text = Deno.readTextFileSync(network);
  Deno.writeTextFileSync(network, text.replace("filters: 8", "filters: 4"));
  assertStringIncludes(
    await refused(evaluate, ...flags, ...few),
    `Cannot use the network of the run in ${directory}: file://${network} is not what it was begun with`,
  );
  assertEquals((await run(evaluate, ...flags, ...few, "--network", network)).code, 0);
});

Deno.test("an evaluation can be on other images that the disturbance fits, and on no others", async () => {
  using folder = temporaryFolder();
  const [directory, images, others, long] = ["run", "images", "others", `i${"ö".repeat(120)}`]
    .map((name) => `${folder.path}/${name}`) as [string, string, string, string];
  writeImages(images);
  writeImages(others);
  Deno.writeFileSync(`${others}/train/ant/0.png`, noise(999));
  {
    await using begun = search({ ...brief, dataset: images, directory });
    await begun.result;
  }
  const flags = ["--run", directory, "--repeats", "1", "--devices", "cpu"]
    .concat("--batch-size", "10", "--epochs", "1");
  assertEquals((await run(evaluate, ...flags, "--dataset", images)).code, 0);
  assertEquals((await run(evaluate, ...flags, "--seed", "2")).code, 0);
  const { code, text } = await run(evaluate, ...flags, "--dataset", others);
  assertEquals(code, 0, text);
  assertStringIncludes(text, others);
  assertEquals(
    [...Deno.readDirSync(directory)].map(({ name }) => name)
      .filter((name) => name.startsWith("evaluation")).sort(),
    [
      "evaluation-graynet-adam-batch-size-10-epochs-1-repeats-1-seed-2.csv",
      "evaluation-graynet-adam-batch-size-10-epochs-1-repeats-1.csv",
      "evaluation-others-graynet-adam-batch-size-10-epochs-1-repeats-1.csv",
    ],
  );
  Deno.renameSync(others, long);
  const cut = await run(evaluate, ...flags, "--dataset", long);
  assertMatch(cut.text, /\/evaluation-iö{95}-[0-9a-f]{8}\.csv\n$/);
  assertEquals(
    await refused(evaluate, ...flags, "--dataset", "synthetic"),
    "Option --dataset must have images of 1 x 16 x 16 in 2 classes, as the disturbance, received " +
      "synthetic with 1 x 28 x 28 in 10",
  );
});

Deno.test("a run of minimize is no configuration of a search", async () => {
  using folder = temporaryFolder();
  const directory = `${folder.path}/run`;
  const evaluator = new URL("../../actors/objectives/sphere.ts", import.meta.url);
  {
    await using begun = minimize({ evaluator, mean: [1], generations: 1, workers: 1, directory });
    await begun.result;
  }
  const file = `${directory}/config.json`;
  assertEquals(
    await refused(searchCommand, "--config", file, "--dataset", "nist"),
    `Cannot read ${file}: expected format 1 of a search, received format 1 of a minimize`,
  );
});
