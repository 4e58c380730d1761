/**
 * Questions about trained networks that take long to answer: asked on all devices, and each answer
 * kept in a file, so that nothing is answered twice.
 *
 * @module
 */
import type * as v from "valibot";
import { askOnDevices } from "../../actors/testing/device_pool.ts";
import type { EngineWish } from "../../training/engine_on.ts";
import type { Message } from "../../actors/runtime/mod.ts";
import type { Data } from "./data.ts";
import { ResultFiles } from "./result_files.ts";

/** A question about networks whose weights are in files. */
export interface Question extends Message {
  readonly dataset: string;
  /** Paths of safetensors files. Their names say everything about the networks. */
  readonly weights: readonly string[];
}

/** Questions of one kind. */
export interface QuestionKind<Asked extends Question, Answer extends Message> {
  /** What the line that reports them calls them, such as `attention maps`. */
  readonly noun: string;
  /** Folder of the answers. */
  readonly folder: string;
  /** Module of the actors that answer; they start from a bench. */
  readonly actor: URL;
  /** What an answer must be. */
  readonly answer: v.GenericSchema<unknown, Answer>;
  /** Multiply-adds of one. */
  readonly cost: (question: Asked, data: Data) => number;
}

/** Where questions are asked. */
export interface AskOptions extends EngineWish {
  /** Root of the answers' folders. */
  readonly runs: string;
  readonly devices: readonly string[];
  readonly signal?: AbortSignal | undefined;
  readonly data: (dataset: string) => Promise<Data>;
  readonly print: (line: string) => void;
  /** So much was answered, now or before. */
  readonly onDone: (cost: number, when: "now" | "before") => void;
}

/**
 * Ask questions, those that were not asked before. Each answer is saved at once.
 *
 * @returns The answers, in the order of the questions.
 * @throws {RunStopped} If the signal was aborted.
 * @throws {ConfigurationError} If the file of an answer is damaged.
 */
export async function askQuestions<Asked extends Question, Answer extends Message>(
  { noun, folder, actor, answer, cost }: QuestionKind<Asked, Answer>,
  questions: readonly Asked[],
  { runs, devices, engine, backend, signal, data, print, onDone }: AskOptions,
): Promise<Answer[]> {
  const files = new ResultFiles(`${runs}/${folder}`, answer);
  const answers = new Map<number, Answer>();
  const described = await Promise.all(questions.map(async (question) => ({
    ...question,
    dataset: (await data(question.dataset)).train.dataset,
    weights: question.weights.map((path) => path.replace(/.*\//s, "")),
    engine,
    backend,
  })));
  for (const [index, asked] of described.entries()) {
    const known = files.find(asked);
    if (!known) continue;
    answers.set(index, known);
    const question = questions[index]!;
    onDone(cost(question, await data(question.dataset)), "before");
  }
  if (answers.size > 0) print(`${answers.size} of ${questions.length} ${noun} computed before`);
  if (answers.size < questions.length) files.create();
  const missing = questions.keys().filter((index) => !answers.has(index));
  for (const [dataset, indices] of Map.groupBy(missing, (index) => questions[index]!.dataset)) {
    const images = await data(dataset);
    await askOnDevices<Asked, Answer>(actor, indices.map((index) => questions[index]!), {
      ...images,
      devices,
      engine,
      backend,
      signal,
      onDone: (position, answer) => {
        const index = indices[position]!;
        files.save(described[index]!, answer);
        answers.set(index, answer);
        onDone(cost(questions[index]!, images), "now");
      },
    });
  }
  return questions.map((_, index) => answers.get(index)!);
}
