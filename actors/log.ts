/**
 * What happens to the actors of a run, as one JSON object a line: `log.jsonl`.
 *
 * @module
 */
import { describeExit, type LogLevel, type SystemEvent } from "./runtime/mod.ts";

/** A line of the log. */
interface LogLine {
  readonly level: LogLevel;
  readonly actor: string;
  readonly text: string;
  readonly [field: string]: unknown;
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
  readonly #file: Deno.FsFile;

  /** @param path Created if it is not there. */
  constructor(path: string) {
    this.#file = Deno.openSync(path, { create: true, append: true });
  }

  /** Writes a line, if the event is worth one. */
  add(event: SystemEvent): void {
    const line = lineOf(event);
    if (!line) return;
    const text = JSON.stringify({ time: new Date().toISOString(), ...line });
    this.#file.writeSync(new TextEncoder().encode(`${text}\n`));
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
