import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
// @ts-types="../../deps/std/csv.d.ts"
import { parse } from "@std/csv";
import { Journal, readJournal } from "../../actors/record/journal.ts";
import { main } from "../../experiments/report.ts";
import { readReportedRun } from "../../experiments/run_report/reported_run.ts";
import { runReport } from "../../experiments/run_report/run_report.ts";
import { slotsOf } from "../../experiments/run_report/slots_section.ts";
import { utilization, utilizationOverTime } from "../../experiments/run_report/work_periods.ts";
import { minimize } from "../../mod.ts";
import { writeReport } from "../../report/page/write_report.ts";
import { ConfigurationError } from "../../options.ts";
import { finishedCopy, undivergent } from "../actors/small_search.ts";
import { addTests, failing, minimized, scratch, searched, stopped } from "./reported_runs.ts";

/** Report runs into a folder, and read the page. */
async function report(directories: readonly string[], path: string): Promise<string> {
  writeReport(path, await runReport(directories));
  return Deno.readTextFileSync(path);
}

function rowsOf(path: string): Record<string, string>[] {
  return parse(Deno.readTextFileSync(path), { skipFirstRow: true });
}

Deno.test("the report of a finished search has all its numbers, and is the same each time", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  addTests(run);
  const html = await report([run], `${run}/report.html`);
  for (
    const heading of [
      "Configuration",
      "Winner",
      "Clean-test accuracy",
      "Progress",
      "Pixel positions",
      "Finalists",
      "Utilisation and ages",
      "Slots",
      "Failures",
      "Commands",
    ]
  ) assertStringIncludes(html, `>${heading}</h2>`);
  assertStringIncludes(html, "<td>finished</td>");
  assert(!/NaN|undefined|\[object/.test(html));
  assert(!html.includes("was the winner when it was tested"));

  const figures = `${run}/figures`;
  const generations = rowsOf(`${run}/generations.csv`);
  const fitness = rowsOf(`${figures}/fitness.csv`);
  for (const [series, column] of [["best", "best_fitness"], ["median", "median_fitness"]]) {
    assertEquals(
      fitness.filter((row) => row["series"] === series).map((row) => row["fitness"]),
      generations.map((row) => row[column!]),
    );
  }
  assertEquals(
    rowsOf(`${figures}/sigma.csv`).map((row) => row["sigma"]),
    generations.map((row) => row["sigma"]),
  );
  const { disturbance } = JSON.parse(Deno.readTextFileSync(`${run}/best.json`));
  assertEquals(
    rowsOf(`${figures}/winner.csv`).map(({ row, column }) => [Number(row), Number(column)]),
    disturbance.classes.flat().map((
      pixel: { row: number; column: number },
    ) => [pixel.row, pixel.column]),
  );
  const parts = rowsOf(`${figures}/slots.csv`);
  assertEquals(new Set(parts.map(({ kind }) => kind)), new Set(["train", "score"]));
  assert(parts.every((part) => Number(part["seconds_to"]) > Number(part["seconds_from"])));
  assertStringIncludes(html, `<code>deno task search --config ${run}/config.json --out RUN</code>`);
  assertStringIncludes(html, `<code>deno task evaluate --run ${run}</code>`);
  const shares = new Map<string, number>();
  for (const { from_generation, share } of rowsOf(`${figures}/positions.csv`)) {
    shares.set(from_generation!, (shares.get(from_generation!) ?? 0) + Number(share));
  }
  assertEquals([...shares.keys()], ["0", "1", "2"]);
  for (const sum of shares.values()) assert(Math.abs(sum - 1) < 1e-9);
  assertEquals(
    rowsOf(`${figures}/clean-test-accuracy.csv`).map((row) => Number(row["accuracy_percent"])),
    [91, 51],
  );

  const files = [...Deno.readDirSync(figures)].map(({ name }) => `${figures}/${name}`);
  const before = files.map((file) => Deno.readTextFileSync(file));
  assertEquals(await report([run], `${run}/report.html`), html);
  assertEquals(files.map((file) => Deno.readTextFileSync(file)), before);
});

Deno.test("what was tested of a winner before the run was extended is not that of the winner now", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  addTests(run, { generation: 0, candidate: 99 });
  const html = await report([run], `${run}/report.html`);
  assertStringIncludes(html, "such as mddes 3/5, was the winner when it was tested, and is not");
  assertEquals(
    rowsOf(`${run}/figures/clean-test-accuracy.csv`).map((row) => row["trained_on"]),
    ["clean", "mddes 0/99"],
  );
});

Deno.test("tests with other settings are told apart where a figure cuts their names off", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  addTests(run);
  const name = "evaluation-graynet-adam-train-size-1000-epochs-6";
  Deno.copyFileSync(`${run}/evaluation-graynet-adam.csv`, `${run}/${name}.csv`);
  const html = await report([run], `${run}/report.html`);
  for (const label of ["1 graynet-adam-train-size-1000-epochs-6", "2 graynet-adam"]) {
    assertStringIncludes(html, `<th scope="row" class="long">${label}</th>`);
  }
  const svg = Deno.readTextFileSync(`${run}/figures/clean-test-accuracy.svg`);
  assertMatch(svg, />1 graynet-adam[^<]*…<[^]*>2 graynet-adam</);
});

Deno.test("a run that ended early is reported as finished, with the reason", async () => {
  using folder = scratch();
  const directory = `${folder.path}/a`;
  await using run = minimize({
    evaluator: new URL("../actors/objectives/sphere.ts", import.meta.url),
    mean: [1, 1],
    generations: 50,
    target: 1,
    workers: 1,
    directory,
  });
  await run.result;
  const html = await report([directory], `${directory}/report.html`);
  assertStringIncludes(html, "<td>finished</td>");
  assertStringIncludes(html, "the target 1 is reached");
  assert(!html.includes("To go on"));
});

Deno.test("a stopped search is reported as far as it came", async () => {
  using folder = scratch();
  // Far more than are done before the stop is heard; how many these are is an accident of time.
  const run = await stopped(`${folder.path}/a`, 5, 50);
  const done = rowsOf(`${run}/generations.csv`).length;
  assert(done >= 1 && done < 50, `${done} generations`);
  const html = await report([run], `${run}/report.html`);
  assertStringIncludes(html, `a is not finished: ${done} of 50 generations are done`);
  assertStringIncludes(html, `deno task resume --run ${run}`);
  assertStringIncludes(html, "The best candidate so far is ");
  assertStringIncludes(html, "Best candidate so far.</strong>");

  // A process that was killed in the middle of a line.
  Deno.writeTextFileSync(`${run}/journal.jsonl`, `{"version":1,"numb`, { append: true });
  Deno.writeTextFileSync(`${run}/generations.csv`, "1,8,0,0.2", { append: true });
  const torn = await report([run], `${run}/report.html`);
  assertStringIncludes(torn, "is not whole: its 18 bytes are left out");
  assertEquals(rowsOf(`${run}/figures/sigma.csv`).length, done);

  // One that was killed before it did anything.
  for (const file of ["journal.jsonl", "generations.csv", "log.jsonl", "summary.json"]) {
    Deno.removeSync(`${run}/${file}`);
  }
  const empty = await report([run], `${run}/report.html`);
  assertStringIncludes(empty, "There is no result yet.");
  assertStringIncludes(empty, "No generation is done yet.");
  assertStringIncludes(empty, "0 of 50");
});

Deno.test("failed candidates are listed with their reasons", async () => {
  using folder = scratch();
  const run = await failing(`${folder.path}/a`);
  const html = await report([run], `${run}/report.html`);
  const failed = rowsOf(`${run}/candidates.csv`).filter(({ status }) => status === "failed");
  assert(failed.length > 0);
  assertEquals(html.split("Training diverged").length - 1, failed.length);
});

Deno.test("pruned candidates are counted, and are no failures", async () => {
  using folder = scratch();
  const run = await searched(`${folder.path}/a`, {
    ...undivergent,
    epochs: 2,
    population: 6,
    generations: 2,
    pruner: "median",
  });
  const html = await report([run], `${run}/report.html`);
  const pruned = rowsOf(`${run}/candidates.csv`).filter(({ status }) => status === "pruned").length;
  assert(pruned > 0);
  assert(html.includes("No evaluation failed."));
  assert(html.includes("Candidates that the pruner ended early"));
  const [, counted] = /<td[^>]*>(\d+)<\/td>\s*<td[^>]*>12<\/td>/.exec(html) ?? [];
  assertEquals(counted, `${pruned}`);
});

Deno.test("an asynchronous search shows the ages of its results", async () => {
  using folder = scratch();
  const run = await searched(`${folder.path}/a`, { mode: "async", generations: 4 });
  await report([run], `${run}/report.html`);
  const ages = rowsOf(`${run}/candidates.csv`).map(({ age }) => Number(age));
  const oldest = Math.max(...ages);
  assert(oldest > 0);
  assertEquals(
    rowsOf(`${run}/figures/ages.csv`).map(({ count }) => Number(count)),
    Array.from({ length: oldest + 1 }, (_, age) => ages.filter((one) => one === age).length),
  );
});

Deno.test("a run over an objective of one's own is reported without pixels", async () => {
  using folder = scratch();
  const run = await minimized(`${folder.path}/a`);
  const html = await report([run], `${run}/report.html`);
  assert(!html.includes("Pixel positions") && !html.includes("Clean-test accuracy"));
  assertStringIncludes(html, "The smallest value that was found is ");
  // A result that comes after the last update is in candidates.csv alone, and may be the best.
  const best = Math.max(
    ...rowsOf(`${run}/generations.csv`).map(({ best_fitness }) => Number(best_fitness)),
  );
  const soFar = rowsOf(`${run}/figures/fitness.csv`).filter(({ series }) =>
    series === "best so far"
  );
  assertEquals(Number(soFar.at(-1)!["value"]), -best);
});

Deno.test("several runs share their figures and tables", async () => {
  using folder = scratch();
  const runs = [
    await finishedCopy(`${folder.path}/a`),
    await searched(`${folder.path}/b`, { seed: 12 }),
    await stopped(`${folder.path}/c`, 5),
  ];
  const html = await report(runs, `${folder.path}/out/report.html`);
  assertStringIncludes(html, "Options that differ");
  assert(/>seed<.th>\s*<td>11<.td>\s*<td>12<.td>\s*<td>11<.td>/.test(html));
  const fitness = rowsOf(`${folder.path}/out/figures/median-fitness.csv`);
  const of = (series: string) =>
    fitness.filter((row) => row["series"] === series).map((row) => Number(row["median_fitness"]));
  // How far it came before it stopped is an accident of time.
  const shortest = rowsOf(`${folder.path}/c/generations.csv`).length;
  assert(shortest >= 1 && shortest <= 3);
  assertEquals([of("a").length, of("b").length, of("c").length], [3, 3, shortest]);
  const middle = (at: number) =>
    ["a", "b", "c"].map((run) => of(run)[at]!).sort((x, y) => x - y)[1];
  assertEquals(of("median"), Array.from({ length: shortest }, (_, at) => middle(at)));
  for (const id of ["winner-1", "winner-2", "winner-3"]) {
    assert(Deno.statSync(`${folder.path}/out/figures/${id}.svg`).isFile);
  }
});

Deno.test("time between a stop and a resume does not count as idle", () => {
  const log = (time: number, actor: string) =>
    ({ time, actor, level: "info", text: "started", incarnation: 1 }) as const;
  const timing = (startedAt: number, busyMs: number) => ({ slot: "slot-0", startedAt, busyMs });
  const run = {
    log: [
      log(1000, "search/recorder"),
      log(1000, "slots/slot-0-train"),
      log(1000, "slots/slot-1-train"),
      log(9000, "search/recorder"),
      log(9000, "slots/slot-0-train"),
    ],
    candidates: [
      { timings: { train: timing(1000, 1000), score: timing(1000, 500) } },
      { timings: { train: timing(9000, 1000) } },
    ],
    finalists: [],
  } as unknown as Parameters<typeof utilization>[0];
  assertEquals(utilization(run), 2500 / 3000);
  assertEquals(utilizationOverTime(run, 4).map(({ x, y }) => [x, y]), [
    [250, 1],
    [750, 0.5],
    [1250, 1],
    [1750, 1],
  ]);
});

Deno.test("slots of workers on other hosts are told apart, and count as those of this host do", () => {
  const timing = (device: string, host: string, startedAt: number, busyMs: number) => ({
    timings: { train: { slot: `slot-0${host}`, device: `${device}${host}`, startedAt, busyMs } },
  });
  const run = {
    log: [{
      time: 1000,
      actor: "search/recorder",
      level: "info",
      text: "started",
      incarnation: 1,
    }],
    candidates: [
      timing("cpu", "@a", 1000, 1000),
      timing("gpu:0", "@b.c", 1000, 250),
      timing("gpu:0", "@b.c", 1500, 250),
    ],
    finalists: [],
  } as unknown as Parameters<typeof utilization>[0] & Parameters<typeof slotsOf>[0];
  assertEquals(utilization(run), 1500 / 2000);
  assertEquals(
    slotsOf(run).map(({ name, device, results, medianMs }) => [
      name,
      device,
      results.length,
      medianMs,
    ]),
    [["slot-0@a", "cpu", 1, 1000], ["slot-0@b.c", "gpu:0", 2, 250]],
  );
});

Deno.test("what is no run, is damaged or does not fit together is refused in one line", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  const other = await minimized(`${folder.path}/b`);
  const refused = async (directories: string[], ...messages: string[]) => {
    const error = await assertRejects(() => runReport(directories), ConfigurationError);
    for (const message of messages) assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"), error.message);
  };
  await refused([`${folder.path}/none`], "none/config.json", "No such file");
  await refused([folder.path], "config.json");
  await refused([run, other], "b, a run of minimize, with", "a, a run of search");
  await refused([run, `${run}/`], "it was given twice");

  const damage = async (file: string, change: (text: string) => string, ...messages: string[]) => {
    const before = Deno.readTextFileSync(`${run}/${file}`);
    assert(change(before) !== before);
    Deno.writeTextFileSync(`${run}/${file}`, change(before));
    await refused([run], `${run}/${file}`, ...messages);
    Deno.writeTextFileSync(`${run}/${file}`, before);
  };
  await damage("journal.jsonl", (text) => text.replace("Sampled", "Sampeld"), "line 2 is damaged");
  await damage("generations.csv", (text) => text.replace("sigma", "sigmas"), "sigma must be");
  await damage("generations.csv", (text) => text.replace("\r\n0,", "\r\nx,"), "received x");
  await damage("generations.csv", (text) => text.replace("\r\n0,", "\r\n"), "line 2");
  await damage("log.jsonl", (text) => `{${text}`, "line 1 is not JSON");
  await damage("best.json", (text) => text.replace(`"searchFitness"`, `"fitness"`));
  await damage("config.json", (text) => text.replace(`"search"`, `"dream"`), "of a dream");
  await damage("config.json", (text) => text.replace(`"pixels": 1`, `"pixels": 0`), "pixels");
  addTests(run);
  const tests = "evaluation-graynet-adam.csv";
  await damage(tests, (text) => text.replace("test_accuracy", "accuracy"), "test_accuracy must");
  await runReport([run]);
});

Deno.test("images that are not at hand leave out the pictures, with the reason", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  const path = `${run}/config.json`;
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(path).replace(`"synthetic"`, `"${folder.path}/gone"`),
  );
  const html = await report([run], `${run}/report.html`);
  assertStringIncludes(html, "There is no picture: the images are not at hand.");
  assertStringIncludes(html, "gone");
  assertStringIncludes(html, "Disturbed pixels: row and column");
});

Deno.test("a result without a start is damage, not a crash", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  const { events } = await readJournal(`${run}/journal.jsonl`);
  const withoutStarts = events.filter(({ type }) => type !== "Sampled");
  Deno.removeSync(`${run}/journal.jsonl`);
  {
    await using journal = await Journal.open(`${run}/journal.jsonl`, {
      events: [],
      wholeBytes: 0,
      tornBytes: 0,
    });
    for (const event of withoutStarts) journal.append(event);
  }
  const error = await assertRejects(() => readReportedRun(run, "a"), ConfigurationError);
  assertMatch(error.message, /evaluation 0\/\d\/0, which was not started$/);
});

Deno.test("a page is an HTML file, so it takes the place of no other", async () => {
  await assertRejects(
    () => main(["--run", "runs/a", "--out", "runs/a/config.json"]),
    ConfigurationError,
    'Option --out must be a path that ends in .html, received "runs/a/config.json"',
  );
});

Deno.test("the command writes beside the run, and runs with the permissions of its task", async () => {
  using folder = scratch();
  const run = await finishedCopy(`${folder.path}/a`);
  const task = JSON.parse(Deno.readTextFileSync("deno.json")).tasks.report.command as string;
  const [, ...flags] = task.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...flags.toSpliced(1, 0, "--no-prompt"), "--run", run],
    cwd: new URL("../..", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  assertStringIncludes(new TextDecoder().decode(stdout), `${run}/report.html`);
  assert(Deno.statSync(`${run}/figures/fitness.svg`).isFile);
  assertEquals([...Deno.readDirSync(run)].filter(({ name }) => name.endsWith(".partial")), []);
});
