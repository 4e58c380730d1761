import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { main as report } from "../../experiments/report.ts";
import { main as simulate } from "../../experiments/simulate.ts";
import { OutputFolder } from "../../experiments/sweep/output_folder.ts";
import { readSweep } from "../../experiments/sweep/axes.ts";
import { exitCodeOf } from "../../experiments/terminal/command.ts";
import { ConfigurationError } from "../../options.ts";
import { simulateAll } from "../../simulation/sweep/simulate_all.ts";
import { temporaryFolder } from "../datasets/small_set.ts";

/** Run `deno task simulate` here, with what it prints. */
async function run(
  args: readonly string[],
  { signal = new AbortController().signal } = {},
): Promise<{ code: number; text: string }> {
  let text = "";
  const { log, error } = console;
  console.log = console.error = (...words: unknown[]) => text += `${words.join(" ")}\n`;
  try {
    return { code: await exitCodeOf(() => simulate(args, signal)), text };
  } finally {
    Object.assign(console, { log, error });
  }
}

const SMALL = ["--dimension", "4", "--generations", "2", "--population", "4", "--seed", "7"];

function namesIn(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
}

Deno.test("a sweep has a row for each combination and seed, the same bytes each time", async () => {
  using folder = temporaryFolder();
  const options = [
    ...SMALL,
    ...["--sweep", "trainers=2,4", "--sweep", "mode=sync,async"],
    ...["--cost", "lognormal:30s,0.6", "--mtbf", "2m", "--repeats", "2"],
  ];
  const [a, b] = [`${folder.path}/a`, `${folder.path}/b`];
  const { code, text } = await run([...options, "--out", a]);
  assertEquals(code, 0, text);
  assertStringIncludes(text, "8 simulations\n");
  assertEquals((await run([...options, "--out", b])).code, 0);

  const rows = parse(Deno.readTextFileSync(`${a}/sweep.csv`), { skipFirstRow: true });
  assertEquals(
    rows.map(({ trainers, mode, seed }) => `${trainers} ${mode} ${seed}`),
    ["2 sync", "2 async", "4 sync", "4 async"].flatMap((one) => [`${one} 7`, `${one} 8`]),
  );
  assertEquals(rows.every((row) => row.evaluations === "8"), true);
  assertEquals(namesIn(folder.path), ["a", "b"]);
  const files = ["sweep.csv", "report.html"].concat(
    namesIn(`${a}/figures`).map((name) => `figures/${name}`),
  );
  for (const file of files) {
    assertEquals(Deno.readTextFileSync(`${a}/${file}`), Deno.readTextFileSync(`${b}/${file}`));
  }
  const page = Deno.readTextFileSync(`${a}/report.html`);
  assertStringIncludes(page, "All of this was simulated");
  for (const figure of ["speed-up", "wall-time", "utilisation", "restarts"]) {
    assertStringIncludes(page, `href="figures/${figure}.svg"`);
    assert(files.includes(`figures/${figure}.csv`));
  }
  assert(!page.includes("time-to-target"), "there was no target");
  assert(!/NaN|undefined|\[object/.test(page));
});

Deno.test("the speed-up is against one trainer, also where that is not swept", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const options = ["--cost", "constant:30s", "--finalist-repeats", "0", "--out", out];
  const { code, text } = await run([...SMALL, "--sweep", "trainers=2,4", ...options]);
  assertEquals(code, 0, text);
  const rows = parse(Deno.readTextFileSync(`${out}/sweep.csv`), { skipFirstRow: true });
  assertEquals(
    rows.map(({ wall_seconds, speed_up, utilization }) => [wall_seconds, speed_up, utilization]),
    [["120", "2", "1"], ["60", "4", "1"]],
  );
});

Deno.test("the slowdown is against the same without failures, also where that is not swept", async () => {
  using folder = temporaryFolder();
  const options = ["--cost", "uniform:9m,11m", "--trainers", "4", "--repeats", "3"];
  const rowsOf = async (name: string, mtbf: string) => {
    const out = `${folder.path}/${name}`;
    const args = [...SMALL, ...options, "--sweep", `mtbf=${mtbf}`, "--out", out];
    const { code, text } = await run(args);
    assertEquals(code, 0, text);
    return { text, rows: parse(Deno.readTextFileSync(`${out}/sweep.csv`), { skipFirstRow: true }) };
  };
  const alone = await rowsOf("alone", "30m");
  const beside = await rowsOf("beside", "30m,none");
  assertEquals(beside.rows.slice(0, 3), alone.rows);
  const [disturbed, undisturbed] = [beside.rows.slice(0, 3), beside.rows.slice(3)];
  assertEquals(
    disturbed.map(({ slowdown }) => Number(slowdown).toFixed(4)),
    disturbed.map(({ wall_seconds }, index) =>
      (Number(wall_seconds) / Number(undisturbed[index]!.wall_seconds)).toFixed(4)
    ),
  );
  assertEquals(undisturbed.map(({ slowdown }) => slowdown), ["", "", ""]);
  const longer = disturbed.filter(({ slowdown }) => Number(slowdown) > 1.05).length;
  assert(longer > 0);
  assertMatch(beside.text, /over 5 % longer/);
  assertMatch(beside.text, new RegExp(`^30m .* ${longer} of 3 `, "m"));
  assertMatch(beside.text, /^none .* - +- /m);
  assert(namesIn(`${folder.path}/beside/figures`).includes("slowdown.svg"));
});

Deno.test("without failures nothing is said of a slowdown", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const { code, text } = await run([...SMALL, "--sweep", "trainers=2,4", "--out", out]);
  assertEquals(code, 0, text);
  assert(!text.includes("longer"), text);
  assert(!namesIn(`${out}/figures`).includes("slowdown.svg"));
});

Deno.test("with a target the speed-up is until it, and nothing where it was not reached", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const { code, text } = await run([...SMALL, "--sweep", "target=1000,0", "--out", out]);
  assertEquals(code, 2, text); // 8 trainers are the default, and 4 candidates
  const again = await run([
    ...SMALL,
    ...["--sweep", "target=1000,0", "--trainers", "4", "--cost", "constant:30s", "--out", out],
  ]);
  assertEquals(again.code, 0, again.text);
  assertMatch(again.text, /1 of 1/);
  const rows = parse(Deno.readTextFileSync(`${out}/sweep.csv`), { skipFirstRow: true });
  assertEquals(
    rows.map(({ target_seconds, speed_up, ended }) => [target_seconds, speed_up, ended]),
    [["30", "1", "the target 1000 is reached"], ["", "", ""]],
  );
});

Deno.test("options that are no numbers are compared in one page, too", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const sweep = String.raw`cost=constant:30s,lognormal:30s\,0.6`;
  const { code, text } = await run([...SMALL, "--trainers", "4", "--sweep", sweep, "--out", out]);
  assertEquals(code, 0, text);
  const page = Deno.readTextFileSync(`${out}/report.html`);
  assertStringIncludes(page, "lognormal:30s,0.6");
  assertStringIncludes(page, `href="figures/utilisation.svg"`);
});

Deno.test("a sweep is read as items, an option's name before its first value", () => {
  assertEquals(readSweep(["max-age=1", "2", "mode=sync"], {}), [
    { option: "maxAge", values: [{ text: "1", value: 1 }, { text: "2", value: 2 }] },
    { option: "mode", values: [{ text: "sync", value: "sync" }] },
  ]);
  assertEquals(readSweep(["restarts=none", "ipop", "mtbf=none"], {}), [
    {
      option: "restarts",
      values: [{ text: "none", value: undefined }, { text: "ipop", value: "ipop" }],
    },
    { option: "mtbf", values: [{ text: "none", value: "none" }] },
  ]);
});

Deno.test("a sweep that cannot be is one line, before anything is written", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const eight = SMALL.with(SMALL.indexOf("--population") + 1, "8");
  for (
    const [args, message] of [
      [["--sweep="], "Option --sweep must be NAME=VALUE,VALUE"],
      [["--sweep", "4,8"], 'of one or two options, received "4"'],
      [["--sweep", "trainers="], "Option --sweep trainers must be a number such as 512"],
      [["--sweep", "speed=1,2"], "Cannot sweep speed: expected an option of a simulation"],
      [["--sweep", "out=a,b"], "Cannot sweep out: expected an option of a simulation"],
      [["--sweep", "seed=1,2"], "Cannot sweep seed: --repeats takes several seeds"],
      [["--sweep", "sigma=0.3,30"], "Option --sweep sigma must be a number from 0.000001 to 10"],
      [["--sweep", "sigma=0.3,x"], "Option --sweep sigma must be a number from 0.000001 to 10, re"],
      [
        ["--sweep", "mode=sync,both"],
        'Option --sweep mode must be one of sync, async, received "bo',
      ],
      [["--sweep", "trainers=2,2"], "Cannot sweep trainers: it has 2 twice"],
      [["--sweep", "stop=none,none"], "Cannot sweep stop: it has none twice"],
      [["--sweep", "max-attempts=2,2"], "Cannot sweep max-attempts: it has 2 twice"],
      [
        ["--sweep", "maxAttempts=1", "--sweep", "max-attempts=2"],
        "Cannot sweep max-attempts: it is there twice",
      ],
      [
        ["--sweep", "max-attempts=2", "--trainers", "9"],
        "Cannot simulate max-attempts=2: Option --trainers must be at most the population of 8",
      ],
      [["--sweep", "trainers=none"], "Option --sweep trainers must be a number such as 512"],
      [["--sweep", "start=5s,2m"], "Option --sweep start must be a duration up to 59s, such as 5s"],
      [["--sweep", "sigma=1", "--sweep", "sigma=2"], "Cannot sweep sigma: it is there twice"],
      [["--sweep", "sigma=1", "--sigma", "2"], "--sigma was given as well; leave it out"],
      [
        ["--sweep", "sigma=1", "--sweep", "mode=sync", "--sweep", "cost=constant:3s"],
        "of one or two options, received 3 options",
      ],
      [
        ["--sweep", "trainers=2,9"],
        "Cannot simulate trainers=9: Option --sweep trainers must be at most the population of 8",
      ],
      [
        ["--sweep", "mode=async,sync", "--staleness", "drop", "--trainers", "4"],
        "Option --staleness means something only with --sweep mode async",
      ],
      [["--sweep", "trainers=2", "--repeats", "0"], "Option --repeats must be an integer from 1"],
      [["--repeats", "3"], "Option --repeats means something only with --sweep"],
    ] as const
  ) {
    const { code, text } = await run([...eight, ...args, "--out", out]);
    assertEquals(code, 2, text);
    assertMatch(text, /^error: [^\n]+\n$/);
    assertStringIncludes(text, message);
  }
  assertEquals(namesIn(folder.path), []);

  Deno.mkdirSync(out);
  const there = await run([...SMALL, "--sweep", "trainers=2", "--out", out]);
  assertEquals(there, {
    code: 2,
    text: `error: Cannot write ${out}: it exists already; choose another --out\n`,
  });
});

Deno.test("a target that no simulation reaches is said to be", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const { code, text } = await run(
    [...SMALL, "--sweep", "trainers=2,4", "--target", "-1", "--out", `${out}/`],
  );
  assertEquals(code, 0, text);
  assertMatch(text, /^trainers +wall time +target reached +after +speed-up /m);
  assertMatch(text, /^2 .* 0 of 1 +- +- /m);
  assertStringIncludes(text, `Table      ${out}/sweep.csv`);
  assertStringIncludes(Deno.readTextFileSync(`${out}/report.html`), "target reached");
});

Deno.test("where a target is swept, one without it is compared until its end", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/a`;
  const args = ["--trainers", "4", "--cost", "constant:30s", "--finalist-repeats", "0"];
  const { code, text } = await run(
    [...SMALL, ...args, "--sweep", "target=none,1e9", "--out", out],
  );
  assertEquals(code, 0, text);
  assertMatch(text, /^none +60 s +- +- +4 /m);
  assertMatch(text, /^1e9 +30 s +1 of 1 /m);
  const rows = parse(Deno.readTextFileSync(`${out}/sweep.csv`), { skipFirstRow: true });
  assertEquals(rows[0]!.speed_up, "4");
});

Deno.test("an output folder whose files cannot be written is one line, and not there", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a`;
  {
    using output = new OutputFolder(path);
    assertThrows(
      () => output.keep(() => Deno.writeTextFileSync(output.file("none/sweep.csv"), "")),
      ConfigurationError,
      `Cannot write ${path}: No such file or directory`,
    );
  }
  assertEquals(namesIn(folder.path), []);
});

Deno.test("a sweep that is stopped leaves nothing behind", async () => {
  using folder = temporaryFolder();
  const args = [...SMALL, "--sweep", "trainers=2,4", "--out", `${folder.path}/a`];
  const { code, text } = await run(args, { signal: AbortSignal.abort() });
  assertEquals(code, 130);
  assertStringIncludes(text, "Stopped. Nothing was written.");
  assertEquals(namesIn(folder.path), []);
});

Deno.test("simulations come in their order, and one without a result is named", async () => {
  const options = { dimension: 2, population: 4, generations: 1, trainers: ["1"] };
  const simulations = [
    { name: "long", options: { ...options, cost: "constant:90s", generations: 8 } },
    { name: "short", options: { ...options, cost: "constant:10s" } },
  ];
  const outcomes = await simulateAll(simulations, { cores: 2 });
  assertEquals(outcomes.map(({ evaluations }) => evaluations), [32, 4]);
  await assertRejects(
    () => simulateAll([{ name: "crowd", options: { ...options, trainers: ["9"] } }]),
    ConfigurationError,
    "Cannot simulate crowd: Option trainers must be at most",
  );
});

Deno.test("the report of a simulation shows who worked and what waited", async () => {
  using folder = temporaryFolder();
  const out = `${folder.path}/run`;
  const options = ["--trainers", "2", "--cost", "constant:30s", "--mtbf", "1m", "--out", out];
  assertEquals((await run([...SMALL, ...options])).code, 0);
  const { log } = console;
  console.log = () => {};
  try {
    await report(["--run", out]);
    const page = Deno.readTextFileSync(`${out}/report.html`);
    assertStringIncludes(page, ">Simulated trainers</h2>");
    const { restarts } = JSON.parse(Deno.readTextFileSync(`${out}/summary.json`));
    assertMatch(page, new RegExp(`restarts of trainers</th><td[^>]*>${restarts}</td>`));
    const drawn = parse(Deno.readTextFileSync(`${out}/figures/waiting.csv`), {
      skipFirstRow: true,
    });
    const load = parse(Deno.readTextFileSync(`${out}/load.csv`), { skipFirstRow: true });
    assertEquals(drawn.map(({ waiting }) => waiting), load.map(({ queued }) => queued));

    Deno.writeTextFileSync(`${out}/load.csv`, "start_ms,busy,queued\r\n0,many,1\r\n");
    await assertRejects(
      () => report(["--run", out]),
      ConfigurationError,
      `Cannot read ${out}/load.csv, line 2: busy must be a number, received many`,
    );
  } finally {
    console.log = log;
  }
});
