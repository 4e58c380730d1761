/**
 * Networks that were trained and tested, one file for each: what was asked, and what came of it.
 * The file's name follows from what was asked, so nothing is trained twice.
 *
 * @module
 */
import * as v from "valibot";
import { ConfigurationError } from "../actors/configuration.ts";
import type { EngineWish } from "../actors/devices.ts";
import type { EvaluationJob } from "../actors/evaluation.ts";
import type { TestOutcome } from "../actors/evaluator.ts";
import { canonical, fingerprint } from "./fingerprint.ts";

/** Everything that decides what comes of training and testing a network. */
export interface NetworkDescription
  extends Pick<EvaluationJob, "disturbance" | "training" | "subset" | "seed">, EngineWish {
  readonly dataset: string;
  /** Images that the set has here. */
  readonly counts: { readonly train: number; readonly test: number };
}

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const positive = v.pipe(v.number(), v.finite(), v.minValue(0));

const fileSchema = v.object({
  format: v.literal(1),
  asked: v.unknown(),
  outcome: v.variant("type", [
    v.object({
      type: v.literal("TestScores"),
      testAccuracy: share,
      testLoss: positive,
      perturbedAccuracy: share,
      engine: v.string(),
      busyMs: positive,
    }),
    v.object({ type: v.literal("TestFailed"), reason: v.string() }),
  ]),
});

/** The folder of these files. Several processes may use it at the same time. */
export class NetworkFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Make the folder, before anything is saved in it. */
  create(): void {
    Deno.mkdirSync(this.#directory, { recursive: true });
  }

  /** Where the file of a network is, or will be, without its ending. */
  pathOf(asked: NetworkDescription): string {
    return `${this.#directory}/${fingerprint(asked, 16)}`;
  }

  /**
   * What came of a network that was trained before.
   *
   * @throws {ConfigurationError} If its file is damaged, or is of another network.
   */
  find(asked: NetworkDescription): TestOutcome | undefined {
    const path = `${this.pathOf(asked)}.json`;
    const refuse = (why: string) =>
      new ConfigurationError(
        `Cannot use ${path}: ${why}; delete it, and the network is trained anew`,
      );
    let text: string;
    try {
      text = Deno.readTextFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch {
      throw refuse("it is not whole");
    }
    const checked = v.safeParse(fileSchema, content, { abortEarly: true });
    if (!checked.success) {
      const [issue] = checked.issues;
      throw refuse(`${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
    }
    if (canonical(checked.output.asked) !== canonical(asked)) {
      throw refuse("it is of another network than its name says");
    }
    return checked.output.outcome;
  }

  /** Write the file of a network, whole or not at all. */
  save(asked: NetworkDescription, outcome: TestOutcome): void {
    const path = `${this.pathOf(asked)}.json`;
    const partial = `${path}.${Deno.pid}.partial`;
    const text = JSON.stringify({ format: 1, asked, outcome }, null, 2);
    Deno.writeTextFileSync(partial, `${text}\n`);
    Deno.renameSync(partial, path);
  }
}
