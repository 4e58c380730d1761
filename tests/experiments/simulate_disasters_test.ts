import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { RunStopped } from "../../actors/population/run.ts";
import { main } from "../../experiments/simulate.ts";
import { planCommand } from "../../experiments/simulate/disasters.ts";
import { ConfigurationError, flagOf } from "../../options.ts";
import { describeFault, faultName, kindsIn } from "../../simulation/disasters/fault.ts";
import { drawPlan, type PlanChanges } from "../../simulation/disasters/plan.ts";
import { replaySimulation } from "../../simulation/replay_simulation.ts";
import { temporaryFolder } from "../datasets/small_set.ts";

/** What the command prints. */
async function printed(args: readonly string[]): Promise<string> {
  const { log } = console;
  const lines: string[] = [];
  console.log = (...words: unknown[]) => lines.push(words.join(" "));
  try {
    await main(args, new AbortController().signal);
  } finally {
    console.log = log;
  }
  return lines.join("\n");
}

Deno.test("a plan is rehearsed again by the command that is shown for it", async () => {
  const cases: [number, PlanChanges][] = [
    [2, {}],
    [2, { only: [3, 5], settings: { generations: 1, trainers: ["1"], latency: "0ms" } }],
    [3, { mix: "network", only: [1] }],
    [4, { only: [] }],
  ];
  for (const [number, changes] of cases) {
    const command = planCommand(number, changes);
    assertMatch(command, /^deno task simulate --plan \d/);
    const text = await printed(command.split(" ").slice(3));
    const plan = await drawPlan(number, changes);
    const faults = plan.faults.map((fault) => `${fault.number}  ${describeFault(fault)}`);
    const shown = text.split("\n").map((line) => line.trim()).filter((line) =>
      /^\d+ {2}\d/.test(line)
    );
    assertEquals(shown.slice(0, faults.length), faults, command);
    assertEquals(text.includes("Nothing goes wrong"), faults.length === 0);
    for (const [option, value] of Object.entries(changes.settings ?? {})) {
      assert(text.includes(`--${option} ${value} `), `${option} in ${text}`);
    }
    assertMatch(text, /^All invariants held: \d+ evaluations by/m);
  }
});

Deno.test("a swarm says what it has done", async () => {
  const text = await printed(["--swarm", "3", "--seed", "7", "--faults", "trainers"]);
  assertMatch(
    text,
    /^All invariants held in 3 plans from 7 on: \d+ evaluations by 3 processes, \d+ faults? \((kill|hang|slow)/,
  );
});

Deno.test("a simulation with faults leaves a run that is what its journal says", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const directory = `${folder}/run`;
    const options = ["--trainers", "3", "--population", "6", "--generations", "4"];
    const text = await printed([...options, "--faults", "all", "--seed", "5", "--out", directory]);
    assertMatch(text, /^ +1 .*\n/m);
    const [, happened = ""] = /^All invariants held: .*faults \((.*)\)/m.exec(text) ?? [];
    const kinds = happened.split(", ").map((kind) => kind.replace(/ \d+$/, ""));
    assert(kinds.length > 1, text);
    const inOrder = kindsIn("all").map(faultName).filter((kind) => kinds.includes(kind));
    assertEquals(kinds, inOrder, "in an order that does not depend on which came first");
    const tables = await replaySimulation(directory);
    assertEquals(tables.map(({ differsAt }) => differsAt), [null, null, null, null]);
    const again = await assertRejects(
      () => printed([...options, "--faults", "all", "--out", directory]),
      ConfigurationError,
    );
    assertMatch(again.message, /exists already/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a rehearsal that is stopped leaves nothing behind", async () => {
  using folder = temporaryFolder();
  const stop = new AbortController();
  const { log } = console;
  console.log = () => stop.abort();
  const args = ["--faults", "all", "--generations", "50", "--out", `${folder.path}/run`];
  try {
    const { message } = await assertRejects(() => main(args, stop.signal), RunStopped);
    assertEquals(message, "Stopped. Nothing was written.");
  } finally {
    console.log = log;
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

Deno.test("what cannot be rehearsed is one line", async () => {
  for (
    const [args, message] of [
      ["--swarm 2 --plan 3", /^Option --plan means nothing with --swarm$/],
      ["--swarm 2 --out x", /^Option --out means nothing with --swarm$/],
      ["--swarm 0", /^Option --swarm must be an integer from 1 /],
      ["--plan 2 --seed 3", /^Option --seed means nothing with --plan$/],
      [
        "--plan 2 --only 99",
        /^Option --only must be numbers of the \d+ faults of the plan, from 1 on, /,
      ],
      ["--plan 2 --only a", /^Option --only must be a list of numbers, received "a"$/],
      [
        "--plan 2 --faults none --only 1",
        /^Option --only means nothing here: the plan has no faults, /,
      ],
      ["--only 1", /^Option --only means something only with --plan or --faults$/],
      [
        "--faults most",
        /^Option --faults must be one of none, trainers, network, disk, crashes, all, /,
      ],
      ["--plan 3 --staleness drop", /^Option --staleness means something only with --mode async, /],
      [
        "--swarm 1 --trainers 99",
        /^Cannot rehearse plan 1: Option --trainers must be at most the /,
      ],
      ["--plan 3 --cost cheap", /^Option --cost must be /],
      [
        "--plan 4 --lease none",
        /^Option --lease must be a duration where trainers hang, received none: they would never be /,
      ],
    ] as const
  ) {
    const error = await assertRejects(() => printed(args.split(" ")), ConfigurationError);
    assertMatch(error.messageWith(flagOf), message, args);
  }
});
