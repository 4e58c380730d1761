import { relative } from "node:path";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Bench } from "../../../actors/testing/bench.ts";
import { Journal, type JournalEvent, readJournal } from "../../../actors/record/journal.ts";
import { start as startScorer } from "../../../actors/roles/scorer.ts";
import { replaySearch } from "../../../actors/search.ts";
import { start as startTrainer } from "../../../actors/roles/trainer.ts";
import { imagesSha256, loadTrain } from "../../../datasets/mod.ts";
import { main as evaluate } from "../../../experiments/evaluate.ts";
import { readReportedRun } from "../../../experiments/run_report/reported_run.ts";
import { ConfigurationError, resume, resumeMinimize, search } from "../../../mod.ts";
import { brief, bytesIn, noise, writeImages } from "../image_folder.ts";
import { COMPARABLE, readFiles } from "../small_search.ts";

interface Finished extends Disposable {
  readonly directory: string;
  readonly images: string;
}

/** A finished search with images of its own, and both are removed at the end of the scope. */
async function finishedSearch(): Promise<Finished> {
  const folder = Deno.makeTempDirSync();
  const [directory, images] = [`${folder}/run`, `${folder}/images`];
  writeImages(images);
  await using run = search({ ...brief, dataset: images, directory });
  await run.result;
  return {
    directory,
    images,
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/** Replace a run's journal by one of the same events, or of others. */
async function rewriteJournal(
  directory: string,
  change: (event: JournalEvent) => JournalEvent[],
): Promise<void> {
  const path = `${directory}/journal.jsonl`;
  const { events } = await readJournal(path);
  Deno.removeSync(path);
  await using journal = await Journal.open(path, await readJournal(path));
  for (const event of events.flatMap(change)) journal.append(event);
}

function editConfiguration(directory: string, change: Record<string, unknown>): void {
  const path = `${directory}/config.json`;
  const file = JSON.parse(Deno.readTextFileSync(path));
  file.configuration = { ...file.configuration, ...change };
  Deno.writeTextFileSync(path, JSON.stringify(file, null, 2));
}

Deno.test("a journal begins with which images were searched with", async () => {
  using run = await finishedSearch();
  const { events: [begun] } = await readJournal(`${run.directory}/journal.jsonl`);
  assert(begun?.type === "Begun");
  assertEquals(begun.configuration.imagesSha256, imagesSha256(await loadTrain(run.images)));
});

Deno.test("a run whose images were changed is not used with them, and nothing in it changes", async () => {
  using run = await finishedSearch();
  const { directory, images } = run;
  const before = bytesIn(directory);
  const image = `${images}/train/ant/3.png`;
  const uses: Record<string, () => Promise<unknown>> = {
    resume: () => resume(directory).result,
    extend: () => resume(directory, { generations: 2 }).result,
    replay: () => replaySearch(directory),
    evaluate: () =>
      evaluate(["--run", directory, "--devices", "cpu"], new AbortController().signal),
  };
  const changes: Record<string, [change: () => void, undo: () => void]> = {
    "another image": [
      () => Deno.writeFileSync(image, noise(1000)),
      () => Deno.writeFileSync(image, noise(6)),
    ],
    "an image less": [
      () => Deno.removeSync(image),
      () => Deno.writeFileSync(image, noise(6)),
    ],
    "an image of another class": [
      () => Deno.renameSync(image, `${images}/train/bee/30.png`),
      () => Deno.renameSync(`${images}/train/bee/30.png`, image),
    ],
    "another name of a class": [
      () =>
        ["train", "test"].forEach((half) =>
          Deno.renameSync(`${images}/${half}/bee`, `${images}/${half}/cow`)
        ),
      () =>
        ["train", "test"].forEach((half) =>
          Deno.renameSync(`${images}/${half}/cow`, `${images}/${half}/bee`)
        ),
    ],
  };
  for (const [what, [change, undo]] of Object.entries(changes)) {
    change();
    for (const [how, use] of Object.entries(uses)) {
      const error = await assertRejects(use, ConfigurationError, "", `${how} with ${what}`);
      assertStringIncludes(
        error.message,
        `the training images of ${images} are not those that it was begun with`,
      );
      assert(!error.message.includes("\n"), error.message);
    }
    const { search: reported } = await readReportedRun(directory, "run");
    assertStringIncludes(`${reported?.images}`, "are not those that it was begun with");
    assertEquals(bytesIn(directory), before, what);
    undo();
  }
  // As they were again, and with other test images, which a search does not know.
  Deno.writeFileSync(`${images}/test/ant/0.png`, noise(1000));
  await using again = resume(directory, { generations: 2 });
  await again.result;
});

Deno.test("a resume that is refused changes nothing, whatever it is refused for", async () => {
  using run = await finishedSearch();
  const { directory } = run;
  const originals = bytesIn(directory);
  const restore = () => {
    for (const [name, bytes] of Object.entries(originals)) {
      Deno.writeFileSync(`${directory}/${name}`, Uint8Array.fromBase64(bytes));
    }
  };
  const cases: Record<string, {
    readonly damage?: () => void | Promise<void>;
    readonly resume?: () => Promise<unknown>;
    readonly error: string;
  }> = {
    "another option": {
      damage: () => editConfiguration(directory, { epochs: 2 }),
      error: "epochs was 1 and is 2",
    },
    "an option that was taken out": {
      damage: () => editConfiguration(directory, { generations: undefined }),
      error: "config.json is missing; put back what the run was begun with",
    },
    "another option that was taken out": {
      damage: () => editConfiguration(directory, { optimizer: undefined }),
      error: "Option optimizer in",
    },
    "an option that does not exist": {
      damage: () => editConfiguration(directory, { epoch: 2 }),
      error: "Unknown option epoch in",
    },
    "another network": {
      damage: () => editConfiguration(directory, { network: "discriminator" }),
      error: "network was",
    },
    "a set that is not there": {
      damage: () => editConfiguration(directory, { dataset: `${run.images}/none` }),
      error: "received",
    },
    "damage within the journal": {
      damage: () => {
        const path = `${directory}/journal.jsonl`;
        const text = Deno.readTextFileSync(path);
        Deno.writeTextFileSync(path, text.replace('"Sampled"', '"sampled"'));
      },
      error: "line 2 is damaged",
    },
    "a result that was not started": {
      damage: () =>
        rewriteJournal(
          directory,
          (event) => event.type === "Sampled" && event.candidate === 1 ? [] : [event],
        ),
      error: "has a result of an evaluation that was not started",
    },
    "a result of another seed": {
      damage: () =>
        rewriteJournal(
          directory,
          (event) => [event.type === "Evaluated" ? { ...event, seed: 1 } : event],
        ),
      error: "has a result of an evaluation that was not started",
    },
    "a point that the strategy never drew": {
      damage: () =>
        rewriteJournal(
          directory,
          (event) => [
            event.type === "Sampled"
              ? { ...event, draw: { x: event.draw.x, version: event.draw.version } }
              : event,
          ],
        ),
      error: "of its journal does not fit those before it",
    },
    "a journal without a beginning": {
      damage: () => rewriteJournal(directory, (event) => event.type === "Begun" ? [] : [event]),
      error: "line 1 of its journal must say what it was begun with",
    },
    "fewer generations": {
      damage: () => editConfiguration(directory, { generations: 2 }),
      resume: () => resume(directory, { generations: 1 }).result,
      error: "--generations must be at least the 2 that it was begun with, received 1",
    },
    "generations that are no number": {
      resume: () => resume(directory, { generations: NaN }).result,
      error: "Option generations must be an integer",
    },
    "a device that is not there": {
      resume: () => resume(directory, { devices: ["gpu:9"], generations: 2 }).result,
      error: "gpu:9",
    },
    "another kind of run": {
      resume: () => resumeMinimize(directory).result,
      error: "expected format 1 of a minimize",
    },
  };
  for (const [name, { damage, error, ...how }] of Object.entries(cases)) {
    await damage?.();
    const before = bytesIn(directory);
    const refused = await assertRejects(
      how.resume ?? (() => resume(directory).result),
      Error,
      error,
      name,
    );
    assert(!refused.message.includes("\n"), refused.message);
    assertEquals(bytesIn(directory), before, name);
    restore();
  }
});

Deno.test("a path is written down so that it means the same from everywhere", async () => {
  const folder = Deno.makeTempDirSync();
  const directory = `${folder}/run`;
  writeImages(`${folder}/images`);
  {
    const dataset = `${relative(Deno.cwd(), folder)}/./images/`;
    await using run = search({ ...brief, dataset, directory });
    await run.result;
  }
  const { configuration } = JSON.parse(Deno.readTextFileSync(`${directory}/config.json`));
  assertEquals(configuration.dataset, `${folder}/images`);
  const root = new URL("../../..", import.meta.url).pathname;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", "--config", `${root}deno.json`].concat(
      [`${root}experiments/resume.ts`, "--run", "run", "--generations", "2"],
    ),
    cwd: folder,
    stdout: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a journal that does not say which images there were is continued and replayed", async () => {
  using run = await finishedSearch();
  const { directory, images } = run;
  const before = readFiles(directory, COMPARABLE);
  await rewriteJournal(directory, (event) => {
    if (event.type !== "Begun") return [event];
    const { imagesSha256: _, ...configuration } = event.configuration;
    // As it was given: relative to where the search was begun.
    const dataset = relative(Deno.cwd(), images);
    return [{ ...event, configuration: { ...configuration, dataset } }];
  });
  editConfiguration(directory, { dataset: relative(Deno.cwd(), images) });
  assert((await replaySearch(directory)).every(({ differsAt }) => differsAt === null));
  for (let time = 0; time < 2; time++) {
    await using again = resume(directory);
    await again.result;
    assertEquals(readFiles(directory, COMPARABLE), before);
  }
});

Deno.test("actors that load images themselves refuse other ones than those that were meant", async () => {
  const images = { dataset: "synthetic", sha256: "0".repeat(64) };
  const starts = {
    trainer: () => startTrainer({ images, recipe: {} } as never, {} as never),
    scorer: () => startScorer({ images } as never, {} as never),
    bench: () => Bench.open({ train: images, test: images } as never),
  };
  for (const [name, start] of Object.entries(starts)) {
    await assertRejects(async () => await start(), RangeError, "were changed meanwhile", name);
  }
});
