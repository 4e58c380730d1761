import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { main as evaluate } from "../../experiments/evaluate.ts";
import { main as finish } from "../../experiments/finish.ts";
import { main as replay } from "../../experiments/replay.ts";
import { main as report } from "../../experiments/report.ts";
import { main as resume } from "../../experiments/resume.ts";
import { main as simulate } from "../../experiments/simulate.ts";
import { exitCodeOf } from "../../experiments/terminal/command.ts";
import { temporaryFolder } from "../datasets/small_set.ts";

type Main = typeof simulate;

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

const SMALL = ["--dimension", "4", "--generations", "3", "--population", "8"];

Deno.test("a simulation is shown, reported and replayed", async () => {
  using folder = temporaryFolder();
  const directory = `${folder.path}/run`;
  const options = ["--cost", "constant:10s", "--trainers", "4", "--finalist-repeats", "0"];
  const shown = await run(simulate, ...SMALL, ...options, "--out", directory);
  assertEquals(shown.code, 0, shown.text);
  assertMatch(shown.text, /3 generations of 8 candidates on 4 simulated trainers/);
  assertMatch(shown.text, /\nvirtual time +60 s\n/);
  assertMatch(shown.text, /\nutilisation of the trainers +100 %\n/);
  assertStringIncludes(shown.text, `deno task report --run ${directory}`);

  assertEquals((await run(report, "--run", directory)).code, 0);
  const page = Deno.readTextFileSync(`${directory}/report.html`);
  assertStringIncludes(page, "run was simulated: nothing was trained");
  assertStringIncludes(page, "The smallest value that was found is ");
  assertMatch(page, /time at work<\/th><td[^>]*>60 s/);

  const replayed = await run(replay, "--run", directory);
  assertEquals(replayed.code, 0);
  assertEquals(replayed.text.match(/identical/g)?.length, 4);

  assertStringIncludes(
    await refused(resume, "--run", directory),
    `Cannot resume ${directory}: it is a simulation, which gives the same from its start`,
  );
  assertStringIncludes(
    await refused(finish, "--run", directory),
    `Cannot finish ${directory}: it is a simulation, which gives the same from its start`,
  );
  assertStringIncludes(
    await refused(evaluate, "--run", directory),
    "received format 1 of a simulation",
  );
  assertEquals(
    await refused(simulate, ...SMALL, "--trainers", "4", "--out", directory),
    `Cannot create the run: ${directory} exists already; choose another --out`,
  );

  const again = ["--cost", `recorded:${directory}`, "--objective", `recorded:${directory}`];
  const simulated = await run(simulate, ...again, "--population", "8", "--trainers", "2");
  assertEquals(simulated.code, 0, simulated.text);
  assertStringIncludes(simulated.text, "in 4 dimensions");
  assertEquals(
    await refused(simulate, ...again, "--dimension", "5"),
    `Option --dimension must be the 4 of the objective recorded:${directory}, or be left out, ` +
      "received 5",
  );
});

Deno.test("a search that ends early is reported as finished, with the reason", async () => {
  using folder = temporaryFolder();
  const directory = `${folder.path}/run`;
  const shown = await run(simulate, ...SMALL, "--target", "1000", "--out", directory);
  assertStringIncludes(shown.text, "ended after generation 0: the target 1000 is reached");
  assertMatch(shown.text, /\ntime to the target +30 s\n/);
  assertEquals((await run(report, "--run", directory)).code, 0);
  const page = Deno.readTextFileSync(`${directory}/report.html`);
  assertStringIncludes(page, "the target 1000 is reached");
  assert(!page.includes("not finished"), "a search that ended early is finished");
  assert(!page.includes("is not finished"));
});

Deno.test("a report counts the same results as too late in each of its tables", async () => {
  using folder = temporaryFolder();
  for (const ending of [[], ["--target", "1e9"]]) {
    const directory = `${folder.path}/${ending.length}`;
    const async = ["--mode", "async", "--staleness", "drop", "--max-age", "0", "--trainers", "6"];
    const args = [...SMALL, ...async, ...ending, "--cost", "lognormal:30s,1", "--out", directory];
    assertEquals((await run(simulate, ...args)).code, 0);
    const { late } = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`)).wasted;
    assert(late > 0);
    assertEquals((await run(report, "--run", directory)).code, 0);
    const page = Deno.readTextFileSync(`${directory}/report.html`);
    const counts = [...page.matchAll(/too late to count<\/th><td[^>]*>(\d+)/g)].map(([, n]) => n);
    assertEquals(counts, [`${late}`, `${late}`]);
  }
});

Deno.test("without a folder to write, nothing is written", async () => {
  const before = [...Deno.readDirSync(".")].map(({ name }) => name).sort();
  const { code, text } = await run(simulate, ...SMALL);
  assertEquals(code, 0);
  assert(!text.includes("report"), text);
  assertEquals([...Deno.readDirSync(".")].map(({ name }) => name).sort(), before);
});

Deno.test("an option that cannot be read is one line, which shows what can", async () => {
  for (
    const [option, value, message] of [
      ["--cost", "gauss:3s", 'received "gauss:3s"'],
      ["--cost", "lognormal:30,0.6", "lognormal:30s,0.6 (median, sigma up to 5)"],
      ["--trainers", "8xfast", "or a list such as 8xfast:1,4xslow:0.3 (count, device, speed)"],
      [
        "--trainers",
        "512",
        "Option --trainers must be at most the population of 8 in mode sync, received 512",
      ],
      ["--latency", "fast", "Option --latency must be a duration up to 250ms, such as 5ms"],
      [
        "--mtbf",
        "0h",
        "Option --mtbf must be a duration up to 1000000h, such as 5ms, 30s, 2m or 6h, or none",
      ],
      ["--stragglers", "0.1", "such as 0.05,10, a share from 0 to 1 and at least 1, or none"],
      [
        "--start",
        "60s",
        "Option --start must be a duration up to 59s, such as 5s, or recorded:RUN",
      ],
      ["--start", "recorded:/nowhere", "Cannot read /nowhere/config.json: expected the folder"],
      ["--latency", "25ms", "Option --lease must be more than 3 times the latency of 25ms"],
      ["--strategy", "best", "Option --strategy must be one of cma-es, class-wise, random or the"],
      ["--stop", "soon", "Option --stop must be a list of converged, tolx, "],
      ["--out", "deno.json/run", "Cannot create the run in deno.json/run: deno.json is not a fol"],
      ["--staleness", "drop", "Option --staleness means something only with --mode async"],
      ["--pruner", "median", "Unknown option --pruner"],
      ["--objective", "recorded:/nowhere", "Cannot read /nowhere/config.json"],
    ] as const
  ) {
    const lease = value === "25ms" ? ["--lease", "75ms"] : [];
    assertStringIncludes(await refused(simulate, ...SMALL, option, value, ...lease), message);
  }
});
