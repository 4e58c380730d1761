/**
 * Results that took long to compute, one file for each: what was asked, and what came of it. The
 * file's name follows from what was asked, so nothing is computed twice.
 *
 * @module
 */
import * as v from "valibot";
import { writeDurably } from "../../actors/record/durable_file.ts";
import { ConfigurationError } from "../../options.ts";
import { canonical, fingerprint } from "./fingerprint.ts";
import { makeFolder } from "./make_folder.ts";

/** A folder of such files. Several processes may use it at the same time. */
export class ResultFiles<Asked, Outcome> {
  readonly #directory: string;
  readonly #schema: v.GenericSchema<unknown, FileContent<Outcome>>;

  /** @param outcome What a file must hold. */
  constructor(directory: string, outcome: v.GenericSchema<unknown, Outcome>) {
    this.#directory = directory;
    this.#schema = v.object({ format: v.literal(1), asked: v.unknown(), outcome });
  }

  /**
   * Make the folder, before anything is saved in it.
   *
   * @throws {ConfigurationError} If it cannot be made.
   */
  create(): void {
    makeFolder(this.#directory);
  }

  /** Where the file of a result is, or will be, without its ending. */
  pathOf(asked: Asked): string {
    return `${this.#directory}/${fingerprint(asked, 16)}`;
  }

  /**
   * What was computed before.
   *
   * @throws {ConfigurationError} If its file is damaged, or holds what was not asked.
   */
  find(asked: Asked): Outcome | undefined {
    const path = `${this.pathOf(asked)}.json`;
    const refuse = (why: string) =>
      new ConfigurationError(`Cannot use ${path}: ${why}; delete it, and it is computed anew`);
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
    const checked = v.safeParse(this.#schema, content, { abortEarly: true });
    if (!checked.success) {
      const [issue] = checked.issues;
      throw refuse(`${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
    }
    if (canonical(checked.output.asked) !== canonical(asked)) {
      throw refuse("it answers another question than its name says");
    }
    return checked.output.outcome;
  }

  /** Write a result, whole or not at all. */
  save(asked: Asked, outcome: Outcome): void {
    const path = `${this.pathOf(asked)}.json`;
    const text = JSON.stringify({ format: 1, asked, outcome }, null, 2);
    writeDurably(path, `${text}\n`, `${path}.${Deno.pid}.partial`);
  }
}

interface FileContent<Outcome> {
  readonly format: 1;
  readonly asked: unknown;
  readonly outcome: Outcome;
}
