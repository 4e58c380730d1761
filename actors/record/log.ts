/**
 * What happens to the actors of a run, as one JSON object a line: `log.jsonl`.
 *
 * @module
 */
import * as v from "valibot";
import { faultIn } from "./check_event.ts";
import { readText } from "./read_text.ts";
import { type AppendFile, diskFiles, type RunFiles } from "./run_files.ts";
import {
  type Clock,
  describeExit,
  type LogLevel,
  systemClock,
  type SystemEvent,
} from "../runtime/mod.ts";

/** What stands in a line of the log, apart from its time. */
interface LogLine {
  readonly level: LogLevel;
  readonly actor: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

/** A line of the log. */
export interface LogEntry extends LogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What is worth a line; `undefined` for what happens all the time. */
function lineOf(event: SystemEvent): LogLine | undefined {
  switch (event.type) {
    case "started":
      return {
        level: "info",
        actor: event.actor,
        text: "started",
        incarnation: event.incarnation,
      };
    case "exited":
      return {
        level: event.reason.kind === "shutdown" ? "info" : "error",
        actor: event.actor,
        text: describeExit(event.reason),
        lost: event.lost,
      };
    case "restarting":
      return {
        level: "warn",
        actor: event.actor,
        text: "is started again",
        delayMs: event.delayMs,
      };
    case "escalated":
      return { level: "error", actor: event.actor, text: `was given up by ${event.supervisor}` };
    case "dead-letter": {
      const { to, from, message } = event.envelope;
      const text = `did not get ${message.type}: ${event.why}`;
      return { level: "warn", actor: to, text, from };
    }
    case "unknown-message": {
      const { from, message } = event.envelope;
      return { level: "error", actor: event.actor, text: `does not know ${message.type}`, from };
    }
    case "log":
      return { ...event.fields, level: event.level, actor: event.actor, text: event.text };
    case "heartbeat":
      return undefined;
  }
}

/** Appends to the log of a run. */
export class Log implements Disposable {
  readonly #file: AppendFile;
  readonly #clock: Clock;

  /**
   * @param path Created if it is not there; a last line that was not written whole is cut off.
   * @param files Where it is kept. Default: on the disk.
   * @param clock Says what date it is. Default: the machine's.
   */
  constructor(path: string, files: RunFiles = diskFiles, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#file = files.open(path, files.read(path).lastIndexOf(0x0a) + 1);
  }

  /** Writes a line, if the event is worth one. */
  add(event: SystemEvent): void {
    const line = lineOf(event);
    if (!line) return;
    const text = JSON.stringify(
      { time: new Date(this.#clock.epochMs()).toISOString(), ...line },
      (_, value: unknown) => typeof value === "bigint" ? `${value}` : value,
    );
    this.#file.write(new TextEncoder().encode(`${text}\n`));
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

const lineSchema = v.looseObject({
  time: v.pipe(v.string("a time"), v.isoTimestamp("a time")),
  level: v.picklist(["debug", "info", "warn", "error"], "a level"),
  actor: v.string("a text"),
  text: v.string("a text"),
}, "an object");

/**
 * Read a log. One that is not there is empty; a last line that was not written whole is left out.
 *
 * @throws {SyntaxError} If another line cannot be read.
 */
export function readLog(path: string): LogEntry[] {
  const text = readText(path);
  return text.split("\n").slice(0, -1).map((line, index) => {
    const refuse = (why: string) =>
      new SyntaxError(`Cannot read ${path}: line ${index + 1} ${why}`);
    let content: unknown;
    try {
      content = JSON.parse(line);
    } catch {
      throw refuse("is not JSON");
    }
    const checked = v.safeParse(lineSchema, content, { abortEarly: true });
    if (!checked.success) throw refuse(`is none that a run writes: ${faultIn(checked)}`);
    const { time, ...rest } = checked.output;
    return { ...rest, time: Date.parse(time) };
  });
}
