import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { parse } from "@std/csv";
import { ConfigurationError, minimize, type PopulationEvent } from "../../mod.ts";

const objective = (name: string) => new URL(`./objectives/${name}.ts`, import.meta.url);

async function scratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("an objective of one's own is minimised, in both modes", async () => {
  for (const mode of ["sync", "async"] as const) {
    await using folder = await scratch();
    await using run = minimize({
      evaluator: objective("sphere"),
      mean: [1, 1, 1],
      sigma: 0.5,
      generations: 60,
      mode,
      workers: 2,
      finalistRepeats: 0,
      directory: `${folder.path}/run`,
    });
    const { x, value } = await run.result;
    assertEquals(x.length, 3);
    assert(value < 1e-4, `${mode}: ${value}`);
  }
});

Deno.test("whatever an objective does, every candidate is in the CSV exactly once", async () => {
  await using folder = await scratch();
  const directory = `${folder.path}/run`;
  await using run = minimize({
    evaluator: objective("faulty"),
    mean: [0.5],
    lower: 0,
    upper: 1,
    sigma: 0.6,
    population: 8,
    generations: 2,
    workers: 2,
    finalistRepeats: 0,
    maxAttempts: 2,
    leaseSeconds: 1,
    seed: 3,
    directory,
  });
  const events: PopulationEvent[] = [];
  for await (const event of run) events.push(event);
  await run.result;

  const rows = parse(Deno.readTextFileSync(`${directory}/candidates.csv`), { skipFirstRow: true });
  assertEquals(
    rows.map(({ generation, candidate }) => 8 * Number(generation) + Number(candidate)),
    Array.from({ length: 16 }, (_, serial) => serial),
  );
  assert(rows.every((row) => (row.status === "ok") === (row.fitness !== "")));
  const reasons = events.flatMap((event) => event.type === "evaluated" ? event.reason ?? [] : []);
  for (
    const part of ["no value today", "exited with code 0", "hung", "is NaN", "received string"]
  ) {
    assert(reasons.some((reason) => reason.includes(part)), `${part} is missing in ${reasons}`);
  }
  assertEquals(rows.filter((row) => row.status === "failed").length, reasons.length);
  assert(!Deno.readTextFileSync(`${directory}/candidates.csv`).includes("NaN"));
});

for (const mode of ["sync", "async"] as const) {
  Deno.test(`a search all of whose candidates fail ends with the reason: ${mode}`, async () => {
    await using folder = await scratch();
    await using run = minimize({
      evaluator: objective("faulty"),
      // Here it throws.
      mean: [0.25],
      lower: 0.2,
      upper: 0.3,
      mode,
      population: 3,
      generations: 2,
      workers: 2,
      maxAttempts: 1,
      directory: `${folder.path}/run`,
    });
    const error = await assertRejects(() => run.result, ConfigurationError);
    assertMatch(
      error.message,
      /^Cannot find a winner: all \d candidates failed, .*no value today$/,
    );
  });
}

Deno.test("a module without an objective, and settings out of range, are refused", async () => {
  await using folder = await scratch();
  const options = { mean: [1], sigma: 1, generations: 2, workers: 1 };
  {
    await using run = minimize({
      ...options,
      evaluator: objective("nothing"),
      directory: `${folder.path}/a`,
    });
    const error = await assertRejects(() => run.result, Error);
    assertStringIncludes(error.message, "exports a function evaluate(x)");
  }
  for (const wrong of [{ sigma: 0 }, { workers: 0 }, { generations: 1.5 }]) {
    await using run = minimize({
      ...options,
      ...wrong,
      evaluator: objective("sphere"),
      directory: `${folder.path}/b`,
    });
    await assertRejects(() => run.result, ConfigurationError, Object.keys(wrong)[0]!);
  }
});
