/**
 * Draws what goes wrong in a simulation, and when, from its seed.
 *
 * @module
 */
import { deriveSeed, Random } from "../../random.ts";
import { RUN_STREAMS } from "../../random_streams.ts";
import type { PreparedSimulation } from "../prepare.ts";
import { type Fault, type FaultKind, kindsIn, type Mix } from "./fault.ts";

/** Most faults of a plan, and most trainings that are asked how long they take. */
const MOST_FAULTS = 12;
const MOST_ASKED = 64;

/** The chance that a fault comes at nearly the same time as another. */
const TOGETHER = 0.3;

/**
 * Draw the faults of a simulation.
 *
 * @param mix From which kinds. A part of them is left out.
 * @returns In the order of their times.
 */
export function drawFaults(prepared: PreparedSimulation, mix: Mix): readonly Fault[] {
  const random = new Random(deriveSeed(prepared.plan.seed, RUN_STREAMS.faults));
  const some = kindsIn(mix).filter(() => random.uniform() < 0.7);
  const kinds = some.length > 0 ? some : kindsIn(mix);
  if (kinds.length === 0) return [];
  const { trainingMs, searchMs } = expectedTimes(prepared);
  const trainers = prepared.fleet.devices.length * prepared.parts.length;
  const times: number[] = [];
  const drawn = Array.from({ length: 1 + random.integer(MOST_FAULTS) }, () => {
    const atMs = times.length > 0 && random.uniform() < TOGETHER
      ? times[random.integer(times.length)]! + random.uniform() * 2 * prepared.latencyMs
      : random.uniform() * searchMs;
    times.push(atMs);
    const kind = kinds[random.integer(kinds.length)]!;
    return { atMs, ...drawFault(kind, random, trainers, trainingMs) };
  });
  return drawn.sort((a, b) => a.atMs - b.atMs)
    .map((fault, index) => ({ ...fault, number: index + 1 }));
}

/** A fault without its time. */
type Drawn = Fault extends infer Each ? Each extends Fault ? Omit<Each, "number" | "atMs"> : never
  : never;

function drawFault(kind: FaultKind, random: Random, trainers: number, trainingMs: number): Drawn {
  const trainer = random.integer(trainers);
  /** Mostly short, and sometimes much longer. */
  const forMs = trainingMs * 0.1 * 100 ** random.uniform();
  switch (kind) {
    case "kill":
    case "hang":
    case "double":
    case "late":
      return { kind, trainer };
    case "slow":
      return { kind, trainer, forMs, factor: 2 + random.integer(10) };
    case "delay":
      return { kind, trainer, forMs, upToMs: forMs / 2 };
    case "cut":
      return { kind, trainer, forMs };
    case "stop":
    case "crash":
    case "power":
    case "torn": {
      const operations = random.uniform() < 0.5 ? 0 : 1 + random.integer(20);
      const downMs = random.uniform() < 0.3 ? 0 : forMs;
      return { kind, operations: kind === "stop" ? 0 : operations, downMs };
    }
    case "full":
      return { kind, forMs };
  }
}

/** How long a training takes, and the whole search if nothing goes wrong; both about. */
function expectedTimes({ costMs, fleet, plan, latencyMs, parts }: PreparedSimulation) {
  const { devices, speeds } = fleet;
  const { generations, finalists, finalistRepeats } = plan;
  const asked = Math.min(MOST_ASKED, generations * 8);
  let sum = 0;
  for (let serial = 0; serial < asked; serial++) {
    const key = { generation: serial >> 3, candidate: serial & 7, repeat: 0 };
    for (const part of parts) sum += costMs({ ...key, part, attempt: 1 });
  }
  const meanSpeed = devices.reduce((total, device) => total + speeds[device]!, 0) / devices.length;
  const trainingMs = sum / asked / meanSpeed + 4 * latencyMs + 1;
  const population = plan.populationSize ?? 10;
  const rounds = generations * Math.ceil(population / devices.length) +
    Math.ceil(finalists * finalistRepeats / devices.length);
  return { trainingMs, searchMs: rounds * trainingMs };
}
