/**
 * `watch`: a run of another process on one screen of the terminal.
 *
 * @module
 */
import { basename, resolve } from "node:path";
import * as v from "valibot";
import { RunStopped } from "../actors/population/run.ts";
import { checkOptions, flagOf } from "../options.ts";
import { reads, requirePermissions } from "../permissions.ts";
import { LiveRun } from "./dashboard/live_run.ts";
import { screenOf } from "./dashboard/terminal_screen.ts";
import { type CommandLine, readCommandLine, runCommand } from "./terminal/command.ts";
import { runOption } from "./terminal/run_options.ts";

/** Time between two looks. */
const EVERY_MS = 1000;

/** Where no person looks on, a screen is printed at most so often. */
const PRINT_EVERY_MS = 10_000;

/** Of what is no terminal. */
const PLAIN_SIZE = { columns: 100, rows: 40 };

const schema = v.strictObject({ run: runOption });

export const commandLine: CommandLine = {
  name: "watch",
  summary:
    "A run on one screen of the terminal, until it ends; it may be that of another process, or " +
    "begin later.",
  options: schema.entries,
};

export async function main(args: readonly string[], signal: AbortSignal): Promise<void> {
  const given = readCommandLine(args, commandLine);
  if (!given) return;
  const { run: directory } = checkOptions(schema, given, flagOf);
  requirePermissions([reads(directory, "the folder of the run")]);
  const withoutImages = () => Promise.resolve("They are not shown in a terminal.");
  const live = new LiveRun(directory, basename(resolve(directory)), withoutImages);
  const screen = Deno.stdout.isTerminal() ? new Screen() : new Print();
  while (!signal.aborted) {
    const state = await live.read();
    const isRead = state.progress !== undefined && state.share === 1;
    const isOver = isRead && state.progress.state !== "running";
    screen.show((columns, rows) => screenOf(state, columns, rows), isOver);
    if (isOver) return;
    if (isRead || state.problem !== undefined) await pause(signal);
  }
  throw new RunStopped("Stopped watching; the run is as it was.");
}

type Lines = (columns: number, rows: number) => string[];

/** Draws over what it drew before. */
class Screen {
  #lines = 0;
  #size = "";

  show(lines: Lines): void {
    const { columns, rows } = Deno.consoleSize();
    const shown = lines(columns - 1, rows).slice(0, rows - 1);
    const size = `${columns} x ${rows}`;
    // On a terminal of another size, where the lines are is not known any more.
    const isOther = this.#size !== "" && this.#size !== size;
    const up = this.#lines === 0 ? "" : isOther ? "\x1b[2J\x1b[H" : `\x1b[${this.#lines}A`;
    this.#lines = shown.length;
    this.#size = size;
    console.log(`${up}\x1b[J${shown.join("\n")}`);
  }
}

/** Prints now and then, and at the end. */
class Print {
  #printedAt = -Infinity;
  #last = "";

  show(lines: Lines, isOver: boolean): void {
    const text = lines(PLAIN_SIZE.columns, PLAIN_SIZE.rows).join("\n");
    const isDue = performance.now() - this.#printedAt >= PRINT_EVERY_MS;
    if (text === this.#last || !(isDue || isOver)) return;
    this.#printedAt = performance.now();
    this.#last = text;
    console.log(`${text}\n`);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const timer = setTimeout(end, EVERY_MS);
  signal.addEventListener("abort", end);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}

if (import.meta.main) await runCommand(main);
