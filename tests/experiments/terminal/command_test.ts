import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { searchSchema } from "../../../actors/configuration.ts";
import { RunStopped } from "../../../mod.ts";
import { setName } from "../../../experiments/study/experiment.ts";
import { ConfigurationError, flagOf, toggle } from "../../../options.ts";
import { finishedCopy } from "../../actors/small_search.ts";
import { outliveTerminal } from "../../../experiments/terminal/closed_terminal.ts";
import {
  type CommandLine,
  exitCodeOf,
  helpText,
  onStop,
  readCommandLine,
} from "../../../experiments/terminal/command.ts";

const command: CommandLine = {
  name: "search",
  summary: "Search.",
  options: searchSchema.entries,
};

Deno.test("options are read as what they are", () => {
  assertEquals(
    readCommandLine(
      ["--train-size", "500", "--sigma=0.25", "--mode", "async", "--devices", "cpu,cpu"],
      command,
    ),
    { trainSize: 500, sigma: 0.25, mode: "async", devices: ["cpu", "cpu"] },
  );
  assertEquals(readCommandLine(["--weight-decay", "-0.1"], command), { weightDecay: -0.1 });
  assertEquals(readCommandLine(["--seed", "-1", "--epochs", "3"], command), {
    seed: -1,
    epochs: 3,
  });
});

Deno.test("a switch is on where it is named, and takes no value", () => {
  const switched = { ...command, options: { json: toggle("print JSON") } };
  assertEquals(readCommandLine(["--json"], switched), { json: true });
  assertEquals(readCommandLine([], switched), {});
  const { message } = assertThrows(
    () => readCommandLine(["--json=no"], switched),
    ConfigurationError,
  );
  assertEquals(message, "Option --json takes no value, received no");
  assertStringIncludes(helpText(switched), "--json  print JSON\n");
});

Deno.test("a set is named by what follows its last slash, whatever stands before it", () => {
  assertEquals(setName("a\u2028b/c\nd/digits/"), "digits");
});

Deno.test("whoever stops a command is told how to go on", () => {
  const tell = onStop("To go on: deno task table1");
  const stopped = assertThrows(() => tell(new RunStopped("The search was stopped")), RunStopped);
  assertEquals(stopped.message, "Stopped. To go on: deno task table1");
  assertThrows(() => tell(new TypeError("Another")), TypeError, "Another");
});

Deno.test("what is not understood is refused in one line", () => {
  const cases: [string[], string][] = [
    [["--epoch", "3"], "Unknown option --epoch"],
    [["extra"], "Unknown option extra"],
    [["--", "--epochs", "3"], "Unknown option --; options stand behind the command without it"],
    [["--epochs", "3", "--", "--help"], "Unknown option --; "],
    [["--constructor", "1"], "Unknown option --constructor"],
    [["--__proto__", "1"], "Unknown option --__proto__"],
    [["--epochs", "three"], `--epochs must be an integer from 1 to 1000, received "three"`],
    [["--epochs", "0x10"], `received "0x10"`],
    [["--sigma", "NaN"], `received "NaN"`],
    [["--sigma", "-.5x"], `--sigma must be a number from 0.000001 to 10, received "-.5x"`],
    [["--epochs"], "received nothing"],
    [["--epochs", ""], "--epochs must be an integer from 1 to 1000, received nothing"],
    [["--dataset", "", "--epochs", "1"], "--dataset must be the name of a dataset or the path of"],
    [["--epochs", "--mode"], "--epochs must be an integer from 1 to 1000, received nothing"],
    [["--epochs", "1", "--epochs", "2"], "--epochs was given more than once"],
  ];
  for (const [args, message] of cases) {
    const error = assertThrows(() => readCommandLine(args, command), ConfigurationError);
    assertStringIncludes(error.message, message);
    assert(!error.message.includes("\n"));
  }
});

Deno.test("help names every option with its range and default", () => {
  const text = helpText(command);
  for (const option of Object.keys(searchSchema.entries)) {
    assertStringIncludes(text, `${flagOf(option)} `);
  }
  assertStringIncludes(text, "an integer from 1 to 1000 [default: 4]");
  assertEquals(flagOf("discriminatorEpochs"), "--discriminator-epochs");
});

/** Run a command of the project as a user does. */
async function run(script: string, ...args: string[]): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", `experiments/${script}.ts`, ...args],
    cwd: new URL("../../..", import.meta.url),
    env: { NO_COLOR: "1" },
    stdout: "null",
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("whoever asks for help gets it, whatever stands behind that", () => {
  const { log } = console;
  for (const args of [["--help"], ["-h"], ["-h5"], ["-h=5"], ["--epochs", "3", "--help", "me"]]) {
    let text = "";
    console.log = (line: string) => text += line;
    try {
      assertEquals(readCommandLine(args, command), undefined, `${args}`);
    } finally {
      console.log = log;
    }
    assertEquals(text, helpText(command));
  }
});

Deno.test("a user's mistake ends a command with one line and exit code 2", async () => {
  const missing = `${Deno.makeTempDirSync()}/none`;
  const damaged = await finishedCopy(`${Deno.makeTempDirSync()}/run`);
  const journal = Deno.readTextFileSync(`${damaged}/journal.jsonl`);
  Deno.writeTextFileSync(`${damaged}/journal.jsonl`, journal.replace('"crc32":', '"crc32":1'));
  const whole = await finishedCopy(`${Deno.makeTempDirSync()}/run`);
  const cases: [string, ...string[]][] = [
    ["resume", "--run", damaged],
    ["replay", "--run", damaged],
    ["search", "--devices", ""],
    ["search", "--epochs", "0"],
    ["search", "--devices", "gpu:0"],
    ["search", "--schedule", "linear"],
    ["search", "--warmup", "4"],
    ["search", "--learning-rate", "0"],
    ["search", "--weight-decay", "-0.1"],
    ["search", "--optimizer", "lion"],
    ["search", "--network", "bignet"],
    ["search", "--engine", "onnx", "--backend", "wasm"],
    ["search", "--out", "/"],
    ["evaluate", "--run", missing],
    ["evaluate"],
    ["resume", "--run", missing],
    ["demo", "--seed", "-1"],
    ["table1", "--preset", "huge"],
    ["table1", "--repeats", "0"],
    ["table1", "--repeats", "-1"],
    ["table1", "--dataset", "synthetic", "--runs", "/dev/null"],
    ["figure3", "--dataset", "nist", "--runs", missing],
    ["report", "--run", missing],
    ["report", "--run", damaged],
    ["report", "--run", whole, "--out", "/dev/null/report.html"],
    ["table1", "--dataset", "nist", "--runs", missing],
  ];
  const results = await Promise.all(cases.map((args) => run(...args)));
  for (const [index, { code, stderr }] of results.entries()) {
    assertEquals(code, 2, `${cases[index]}: ${stderr}`);
    assert(/^error: [^\n]+\n$/.test(stderr), `${cases[index]}: ${stderr}`);
  }
});

/** A search that would take long, up to the end of its second generation, with what it printed. */
async function searching(directory: string, before = "") {
  const flags =
    "--dataset synthetic --train-size 32 --batch-size 16 --epochs 1 --discriminator-size 20 " +
    "--population 4 --generations 1000 --devices cpu,cpu";
  const command = [
    ...[Deno.execPath(), "run", "--no-prompt", "--allow-all", "experiments/search.ts"],
    ...[...flags.split(" "), "--out", directory],
  ];
  const process = new Deno.Command("/bin/sh", {
    args: ["-c", `${before} exec "$@"`, "sh", ...command],
    cwd: new URL("../../..", import.meta.url),
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let seen = "";
  const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (line: RegExp) => {
    while (!line.test(seen)) {
      const { done, value } = await reader.read();
      assert(!done, seen);
      seen += value;
    }
  };
  await until(/^ +1 /m);
  const end = async () => {
    while (!(await reader.read()).done);
    const [{ code }, stderr] = await Promise.all([
      process.status,
      new Response(process.stderr).text(),
    ]);
    return { code, stderr };
  };
  return { process, until, end };
}

for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`${signal} ends a command with exit code ${expected} and whole files`, async () => {
    const directory = `${Deno.makeTempDirSync()}/run`;
    const { process, end } = await searching(directory);
    process.kill(signal);
    const { code, stderr } = await end();
    assertEquals(code, expected);
    assertStringIncludes(stderr, `deno task resume --run ${directory}`);
    assertStringIncludes(stderr, `deno task finish --run ${directory}`);
    const { status } = JSON.parse(Deno.readTextFileSync(`${directory}/summary.json`));
    assertEquals(status, "stopped");
    const rows = Deno.readTextFileSync(`${directory}/candidates.csv`).trim().split("\r\n");
    assert(rows.length >= 1 + 2 * 4);
    assertEquals(new Set(rows.map((row) => row.split(",").length)).size, 1, "no row is cut short");
  });
}

Deno.test("what was started with SIGHUP ignored goes on when its terminal is closed", async () => {
  const { process, until, end } = await searching(
    `${Deno.makeTempDirSync()}/run`,
    "trap '' HUP;",
  );
  process.kill("SIGHUP");
  await until(/^ +4 /m);
  process.kill("SIGTERM");
  assertEquals((await end()).code, 143);
});

Deno.test("a folder that is removed ends its search with one line and exit code 2", async () => {
  const root = Deno.makeTempDirSync();
  const { end } = await searching(`${root}/run`);
  Deno.removeSync(`${root}/run`, { recursive: true });
  const { code, stderr } = await end();
  assertEquals(code, 2);
  assert(/^(search [^\n]+\n)*error: Cannot go on: [^\n]+\n$/.test(stderr), stderr);
  assertEquals([...Deno.readDirSync(root)], []);
});

Deno.test("a terminal that is closed takes no text, and says nothing of it; other errors are errors", () => {
  const { log, error } = console;
  const failure = { message: "Input/output error (os error 5)" };
  try {
    console.log = console.error = () => {
      throw new Error(failure.message);
    };
    outliveTerminal();
    console.log("result");
    console.error("reason");
    failure.message = "No space left on device (os error 28)";
    assertThrows(() => console.log("result"), Error, "No space");
  } finally {
    Object.assign(console, { log, error });
  }
});

Deno.test("of failures while files are closed, the command says the first, in one line", async () => {
  const { error } = console;
  const said: unknown[] = [];
  console.error = (...words: unknown[]) => said.push(...words);
  try {
    const code = await exitCodeOf(() => {
      using _journal = { [Symbol.dispose]: () => fail("journal.jsonl") };
      using _table = { [Symbol.dispose]: () => fail("candidates.csv") };
      return fail("jobs.csv");
    });
    assertEquals(code, 1);
  } finally {
    console.error = error;
  }
  assertEquals(said, ["error: Cannot write jobs.csv"]);

  function fail(path: string): never {
    throw Object.assign(new Error(`Cannot write ${path}`), { code: "ENOSPC" });
  }
});
