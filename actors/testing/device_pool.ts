/**
 * Many questions of one kind, answered on all devices: each has an actor of its own, which takes
 * one question after the other.
 *
 * @module
 */
import { sameImages, type Split } from "../../datasets/mod.ts";
import type { BenchInit } from "./bench.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import { needsProcess, trainerProcess } from "../devices/devices.ts";
import { RunStopped } from "../population/run.ts";
import { askAll } from "../runtime/ask_all.ts";
import { createActorSystem, type Message } from "../runtime/mod.ts";

/** Where questions are answered. */
export interface DeviceOptions<Answer> extends EngineWish {
  readonly train: Split<"train">;
  readonly test: Split<"test">;
  /** Networks by their names, or by the URLs of their files; all that are in files. Default: none. */
  readonly networks?: BenchInit["networks"];
  /** One actor for each entry. */
  readonly devices: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Called for each answer, in the order in which they come. */
  readonly onDone?: (index: number, answer: Answer) => void;
}

/**
 * Ask everything.
 *
 * @param actor The module of the actors; they start from a {@linkcode BenchInit}.
 * @returns The answers, in the order of the questions.
 * @throws {RunStopped} If the signal was aborted.
 */
export async function askOnDevices<Question extends Message, Answer extends Message>(
  actor: URL,
  questions: readonly Question[],
  options: DeviceOptions<Answer>,
): Promise<Answer[]> {
  const { devices, train, test, networks = new Map(), engine, backend, signal, onDone } = options;
  // Workers share one copy of the images; a process loads its own.
  const inProcesses = needsProcess(devices, options);
  const images = inProcesses
    ? { train: sameImages(train), test: sameImages(test) }
    : { train, test };
  const answers = new Array<Answer>(questions.length);
  if (questions.length === 0) return answers;
  await using system = createActorSystem({ stopMs: 1500, ...(signal && { signal }) });
  const used = devices.slice(0, questions.length);
  try {
    const supervisor = await system.supervise({
      name: "evaluators",
      order: "parallel",
      intensity: { maxRestarts: 0, withinMs: 1 },
      children: used.map((device, index) => ({
        id: `${index}`,
        start: actor,
        placement: inProcesses
          ? trainerProcess(devices, options, "--allow-write")
          : { kind: "worker" } as const,
        shutdownMs: 1200,
        init: { ...images, networks, engine, backend, device } satisfies BenchInit,
      })),
    });
    await askAll<Question, Answer>(questions, {
      system,
      supervisor,
      ids: used.map((_, index) => `${index}`),
      signal,
      onAnswer: (index, answer) => {
        answers[index] = answer;
        onDone?.(index, answer);
      },
    });
  } catch (error) {
    if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
    throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
  }
  if (signal?.aborted) throw new RunStopped("The evaluation was stopped");
  return answers;
}
