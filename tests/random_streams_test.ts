import { assertEquals, assertThrows } from "@std/assert";
import {
  ENGINE_STREAMS,
  PLAN_STREAMS,
  RUN_STREAMS,
  SYNTHETIC_STREAMS,
  TRAINING_STREAMS,
} from "../random_streams.ts";

const TABLES = { RUN_STREAMS, PLAN_STREAMS, TRAINING_STREAMS, ENGINE_STREAMS, SYNTHETIC_STREAMS };

Deno.test("the streams have the numbers that recorded results were made with", () => {
  assertEquals(TABLES, {
    RUN_STREAMS: {
      candidate: -1,
      trainingImages: -2,
      discriminatorImages: -3,
      heldOutImages: -4,
      uniformDisturbances: -5,
      testedNetwork: -6,
      restart: -7,
      cost: -8,
      straggler: -9,
      failure: -10,
      optimum: -11,
      recordedFitness: -12,
      faults: -13,
      damage: -14,
      start: -15,
    },
    PLAN_STREAMS: { settings: 0, mix: 1 },
    TRAINING_STREAMS: { engine: 0, order: 1, augmentation: 2, defences: 3, direction: -9 },
    ENGINE_STREAMS: { dropout: 1 },
    SYNTHETIC_STREAMS: { picture: 0, train: 1, test: 2 },
  });
});

Deno.test("no two streams of the same seed have a number in common, and none changes", () => {
  for (const [name, table] of Object.entries(TABLES)) {
    const numbers = Object.values(table);
    assertEquals(new Set(numbers).size, numbers.length, name);
    assertThrows(() => Object.assign(table, { another: 1 }), TypeError);
  }
});

Deno.test("streams of a run's seed are negative: generations, which are not, name evaluations", () => {
  for (const [name, number] of Object.entries(RUN_STREAMS)) assertEquals(number < 0, true, name);
});

Deno.test("no seed is derived by a bare number", () => {
  const root = new URL("../", import.meta.url);
  const offenders = [
    "actors",
    "datasets",
    "evolution",
    "experiments",
    "models",
    "simulation",
    "strategies",
    "training",
  ]
    .flatMap((folder) => filesIn(new URL(`${folder}/`, root)))
    .filter((file) => /deriveSeed\([^()]*,\s*-?\d/.test(Deno.readTextFileSync(file)))
    .map((file) => file.pathname.slice(root.pathname.length));
  assertEquals(offenders, []);
});

function filesIn(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return filesIn(new URL(`${name}/`, folder));
    return name.endsWith(".ts") ? [new URL(name, folder)] : [];
  });
}
