/**
 * Shows a search while it runs: a line for each generation, and a bar with the time left.
 *
 * @module
 */
import { runCommandText } from "../../command_text.ts";
import type { MinimizeResult } from "../../actors/minimize.ts";

import { type Run, RunStopped } from "../../actors/population/run.ts";
import type { SearchEvent, SearchResult } from "../../actors/search.ts";
import { Progress } from "./progress.ts";

const COLUMNS = ["generation", "best", "median", "best so far", "sigma", "mismatch", "divergence"];

/**
 * Follow a search to its end.
 *
 * @throws {RunStopped} If it was stopped; the message says how to continue.
 */
export async function watchSearch<Result>(run: Run<SearchEvent, Result>): Promise<Result> {
  let progress: Progress | undefined;
  let directory = "";
  let hasCandidate = false;
  try {
    for await (const event of run) {
      switch (event.type) {
        case "remark":
          console.error(event.text);
          break;
        case "started":
          directory = event.directory;
          console.log(
            `${event.source}\n${event.generations} generations of ${event.population} candidates ` +
              `on ${slotsText(event.slots)}; files in ${event.directory}`,
          );
          if (event.tornBytes > 0) {
            console.error(
              `The journal's end was not whole: cut off ${event.tornBytes} bytes`,
            );
          }
          hasCandidate = event.done > 0;
          if (event.done > 0) console.log(`${event.done} evaluations were done before`);
          console.log(COLUMNS.map((name) => name.padStart(11)).join(" "));
          progress = new Progress("search", event.evaluations, { before: event.done });
          break;
        case "evaluated":
          progress?.advance();
          hasCandidate ||= event.status === "ok";
          if (event.status === "failed") {
            progress?.print(
              `candidate ${event.generation}/${event.candidate} failed: ${event.reason}`,
            );
          }
          break;
        case "generation": {
          const cells = [
            `${event.generation}`,
            ...[event.bestFitness, event.medianFitness, event.bestSoFar, event.sigma]
              .map((value) => value?.toFixed(3) ?? "failed"),
            ...[event.means.mismatch, event.means.divergence].map((value) =>
              value?.toFixed(3) ?? ""
            ),
          ];
          progress?.print(cells.map((cell) => cell.padStart(11)).join(" "));
          break;
        }
        case "ended":
          progress?.print(
            `ended ${
              event.generation === null
                ? "before generation 0 was done"
                : `after generation ${event.generation}`
            }: ${event.reason}`,
          );
          break;
        case "workers":
          progress?.print(event.text);
          break;
        case "missed":
          progress?.print(`${event.count} events came faster than they could be shown`);
          break;
        case "lost":
          progress?.print(`${event.actor} was lost and is started again: ${event.reason}`);
          break;
        default:
          event satisfies never;
      }
    }
    return await run.result;
  } catch (error) {
    if (!(error instanceof RunStopped)) throw error;
    throw new RunStopped(
      directory === ""
        ? "Stopped before anything was begun"
        : `Stopped. To go on: ${runCommandText("resume", directory)}` + (hasCandidate
          ? `\nTo name its winner as it is: ${runCommandText("finish", directory)}`
          : ""),
    );
  } finally {
    progress?.[Symbol.dispose]();
  }
}

function slotsText(slots: number): string {
  if (slots === 0) return "workers elsewhere";
  return `${slots} slot${slots === 1 ? "" : "s"}`;
}

/** What a person is told when the search is done, and the command to type next. */
export function winnerText({ best, directory }: SearchResult): string {
  return `\nThe best disturbance is candidate ${best.generation}/${best.candidate}, in ` +
    `${directory}/best.json. To test it, and to see how it was found:\n` +
    `  ${runCommandText("evaluate", directory)}\n  ${runCommandText("report", directory)}`;
}

/** As {@linkcode winnerText}, of a run of `minimize`. */
export function minimumText({ value, directory }: MinimizeResult): string {
  return `\nThe best point has the value ${value}; it is in ${directory}/best.json. To see how it was ` +
    `found:\n  ${runCommandText("report", directory)}`;
}
