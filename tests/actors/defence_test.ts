import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { ConfigurationError, evaluate, resume, search } from "../../mod.ts";
import { noDisturbance } from "../../datasets/mod.ts";
import { COMPARABLE, readFiles, single, undivergent } from "./small_search.ts";

async function searched(
  directory: string,
  defence: readonly string[] | undefined,
  generations: number,
): Promise<string[]> {
  await using run = search({ ...single, defence, generations, directory });
  await run.result;
  return readFiles(directory, COMPARABLE);
}

Deno.test("a search against defences gives the same bytes twice, and others than without", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const defence = ["jpeg", "cutout", "mixup", "adversarial"];
    const first = await searched(`${folder}/a`, defence, 1);
    assertEquals(await searched(`${folder}/b`, defence, 1), first);
    const configuration = (name: string) =>
      JSON.parse(Deno.readTextFileSync(`${folder}/${name}/config.json`)).configuration;
    assertEquals(configuration("a").defence, defence);
    assertNotEquals(await searched(`${folder}/c`, undefined, 1), first);
    assert(!("defence" in configuration("c")), "without one, nothing is written down");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a run goes on with the defences that it was begun with", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const whole = await searched(`${folder}/whole`, ["median", "cutmix"], 3);
    const directory = `${folder}/longer`;
    await using begun = search({
      ...single,
      defence: ["median", "cutmix"],
      generations: 2,
      directory,
    });
    await begun.result;
    await using longer = resume(directory, { generations: 3 });
    await longer.result;
    assertEquals(readFiles(directory, COMPARABLE)[0], whole[0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("defences that cannot be used are one line, and nothing is written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cases: [Record<string, unknown>, string][] = [
      [{ defence: ["cutof"] }, "expected some of standard, cutout"],
      [{ defence: ["gray"] }, "Cannot defend with gray: it is for images of 3 channels"],
      [{ defence: ["mixup", "jpeg"] }, "Cannot defend with jpeg after mixup: "],
      [{ defence: ["standard"], augmentation: "standard" }, "the images are augmented already"],
      [{ defence: [] }, "Option defence must be a list of standard, cutout"],
      [{ defence: ["jpeg"], mismatchWeight: 0, mismatch: undefined }, "means something only with"],
    ];
    for (const [options, message] of cases) {
      await using run = search({ ...single, ...options, directory: `${folder}/run` } as never);
      const error = await assertRejects(() => run.result, ConfigurationError);
      assertStringIncludes(error.message, message);
      assert(!error.message.includes("\n"), error.message);
    }
    assertEquals([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an evaluation is defended, and follows from its seed", async () => {
  const brief = {
    dataset: "synthetic",
    disturbance: noDisturbance({ classes: 10, pixels: 1, shape: [1, 28, 28] }),
    trainSize: 100,
    batchSize: 20,
    epochs: 1,
    repeats: 1,
    devices: ["cpu"],
  };
  const scores = async (defence?: readonly string[]) => {
    const { tests: [test] } = await evaluate({ ...brief, defence });
    assert(test!.outcome.type === "TestScores");
    const { testLoss, perturbedAccuracy } = test!.outcome;
    return { testLoss, perturbedAccuracy };
  };
  const bare = await scores();
  assertEquals(await scores(["bit-depth"]), await scores(["bit-depth"]));
  for (const defence of [["bit-depth"], ["cutmix"], ["adversarial"]]) {
    assertNotEquals((await scores(defence)).testLoss, bare.testLoss, `${defence}`);
  }
  const error = await assertRejects(
    () => evaluate({ ...brief, defence: ["gray"] }),
    ConfigurationError,
  );
  assertStringIncludes(error.message, "Option defence: Cannot defend with gray");
});

Deno.test("a pruner judges defended trainings", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const directory = `${folder}/run`;
    await using run = search({
      ...undivergent,
      epochs: 2,
      generations: 5,
      pruner: "median",
      defence: ["gaussian"],
      directory,
    });
    await run.result;
    assertStringIncludes(Deno.readTextFileSync(`${directory}/candidates.csv`), "pruned");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
